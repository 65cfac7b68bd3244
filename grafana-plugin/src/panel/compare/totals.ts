import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { PanelFlow } from '../../frames/panel-flow';

/** What of a whole flow is compared. */
export interface Totals {
  /** Null while it runs, or when nobody knows. */
  readonly durationMs: number | null;
  readonly checkpoints: number;
  readonly failures: number;
  /** In and out; null when no checkpoint says. */
  readonly tokens: number | null;
}

export function totalsOf(flow: PanelFlow, failures: number): Totals {
  let tokens: number | null = null;
  for (const { attributes } of flow.nodes.list) {
    for (const name of [ATTRIBUTES.inputTokens, ATTRIBUTES.outputTokens]) {
      const value = attributes[name];
      if (typeof value === 'number') tokens = (tokens ?? 0) + value;
    }
  }
  return { durationMs: flow.durationMs, checkpoints: flow.nodes.list.length, failures, tokens };
}
