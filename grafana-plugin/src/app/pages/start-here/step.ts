import type { CheckStatus } from '@flow-tracking/protocol';

/** One step of the chain, as the page shows it. */
export interface Step {
  /** Stable; those of the bridge are its checks'. */
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus | 'running';
  readonly detail: string;
  readonly fix: string | null;
}
