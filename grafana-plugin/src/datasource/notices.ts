import type { Notice, Target } from '../frames/meta';
import { t } from '../texts/t';

/** Some of several users, sessions or flows were not queried. */
export function idsLeftOut({ select, ids }: Target, asked: number): Notice | null {
  if (select === 'everyone' || ids.length <= asked) return null;
  return { severity: 'warning', text: t(`queries.notices.left-out-${select}`, { shown: asked, all: ids.length }) };
}

/** A list of flows ends at its limit. */
export function olderFlowsLeftOut(shown: number): Notice {
  return { severity: 'info', text: t('queries.notices.older-flows', { count: shown }) };
}

/**
 * A session was not read to its end.
 *
 * @param sessionId null when it is the only one
 * @param isCutWithin it ended within a flow, which may be its oldest
 */
export function sessionFlowsLeftOut(sessionId: string | null, shown: number, isCutWithin: boolean): Notice {
  const what = isCutWithin ? 'cut' : 'flows';
  const text =
    sessionId === null
      ? t(`notices.session-${what}`, { count: shown })
      : t(`notices.named-session-${what}`, { count: shown, session: sessionId });
  return { severity: 'warning', text };
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
      ? t('notices.checkpoints-left-out', { shown, known })
      : t('notices.more-checkpoints', { count: shown });
  return { severity: 'warning', text };
}

/** Live flows are kept up to a limit. */
export function olderLiveFlowsLeftOut(shown: number): Notice {
  return { severity: 'info', text: t('notices.older-live-flows', { count: shown }) };
}
