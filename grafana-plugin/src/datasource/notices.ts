import type { Notice, Subject } from '../frames/meta';

const count = (value: number): string => value.toLocaleString('en-US');

/** Some of several users, sessions or flows were not queried. */
export function idsLeftOut({ select, ids }: Subject, asked: number): Notice | null {
  if (ids.length <= asked) return null;
  const text = `Only ${count(asked)} of ${count(ids.length)} ${select}s are queried; the others are left out.`;
  return { severity: 'warning', text };
}

/** A list of flows ends at its limit. */
export function olderFlowsLeftOut(shown: number): Notice {
  return {
    severity: 'info',
    text: `Showing the latest ${count(shown)} flows; older ones in this time range are left out.`,
  };
}

/**
 * A session was not read to its end.
 *
 * @param sessionId null when it is the only one
 * @param isCutWithin it ended within a flow, which may be its oldest
 */
export function sessionFlowsLeftOut(sessionId: string | null, shown: number, isCutWithin: boolean): Notice {
  const latest = shown === 1 ? 'latest flow' : `latest ${count(shown)} flows`;
  const rest = isCutWithin ? 'older ones, if there are any, are left out' : 'older ones are left out';
  return {
    severity: 'warning',
    text: `Showing the ${latest} of ${sessionId === null ? 'the session' : `session ${sessionId}`}; ${rest}.`,
  };
}

/** How many checkpoints of a flow are here, and how many there are. */
export interface CheckpointCount {
  readonly shown: number;
  readonly known: number;
}

/** Not all checkpoints of these flows are here. */
export function checkpointsLeftOut(flows: readonly CheckpointCount[]): Notice {
  const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
  const shown = sum(flows.map((flow) => flow.shown));
  const known = sum(flows.map((flow) => flow.known));
  // History counts a checkpoint a moment after it has stored it.
  const text =
    known > shown
      ? `Showing ${count(shown)} of ${count(known)} checkpoints; the others are left out.`
      : `Showing ${count(shown)} checkpoints; there are more.`;
  return { severity: 'warning', text };
}

/** Live flows are kept up to a limit. */
export function olderLiveFlowsLeftOut(shown: number): Notice {
  return { severity: 'info', text: `Live shows the latest ${count(shown)} flows; older ones are in history.` };
}
