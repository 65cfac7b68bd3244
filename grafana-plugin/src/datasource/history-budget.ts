import type { CheckpointRecord } from '@flow-tracking/protocol';

/** How much one history query reads; what is beyond is left out, and that is said. */
export interface HistoryLimits {
  /** Flows of a list, the newest. */
  readonly flows: number;
  /** Flows of sessions, the newest. */
  readonly sessionFlows: number;
  /** Users, sessions or flows that one query asks for. */
  readonly ids: number;
  readonly checkpoints: number;
  /** Of checkpoints, roughly. */
  readonly bytes: number;
}

/** What a browser's tab holds and draws without trouble. A flow of a list costs a request. */
export const HISTORY_LIMITS: HistoryLimits = {
  flows: 25,
  sessionFlows: 1_000,
  ids: 20,
  checkpoints: 100_000,
  bytes: 64 * 1024 * 1024,
};

/** A checkpoint without its attributes. */
const BASE_BYTES = 250;
const VALUE_BYTES = 8;

/** About how many bytes a JSON value takes. Without recursion: what was recorded may be nested deeply. */
export function roughBytes(value: unknown): number {
  let bytes = 0;
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next === 'string') bytes += next.length;
    else if (typeof next === 'object' && next !== null) {
      for (const [name, own] of Object.entries(next)) {
        bytes += name.length;
        rest.push(own);
      }
    } else bytes += VALUE_BYTES;
  }
  return bytes;
}

/** Counts what was read. */
export interface HistoryBudget {
  spend(checkpoints: readonly CheckpointRecord[]): void;
  /** Nothing more is to be read. */
  isSpent(): boolean;
}

export function createHistoryBudget(limits: HistoryLimits): HistoryBudget {
  let checkpoints = 0;
  let bytes = 0;
  return {
    spend(read) {
      checkpoints += read.length;
      for (const { attributes, error } of read) bytes += BASE_BYTES + roughBytes(attributes) + roughBytes(error);
    },
    isSpent: () => checkpoints >= limits.checkpoints || bytes >= limits.bytes,
  };
}
