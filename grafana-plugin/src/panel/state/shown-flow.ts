import type { PanelFlow } from '../../frames/panel-flow';
import { isFollowing, type PanelState } from './panel-state';

/** What the panel shows of the data it has. */
export interface Shown<T = PanelFlow> {
  /** Null only when there are no flows. */
  readonly flow: T | null;
  /** It moves on to what is new. */
  readonly following: boolean;
  /** Selected in that flow. */
  readonly nodeId: string | null;
  /** The flow that was picked or linked, when it is not in the data: then the newest stands in for it. */
  readonly absentId: string | null;
}

interface Candidate {
  readonly id: string;
  readonly startedTs: number;
}

/** The flow that started last, running or not: a request that fails within milliseconds is what an operator wants to see. */
export function newestFlow<T extends Candidate>(flows: readonly T[]): T | null {
  return flows.reduce<T | null>(
    (newest, flow) =>
      newest === null ||
      flow.startedTs > newest.startedTs ||
      (flow.startedTs === newest.startedTs && flow.id > newest.id)
        ? flow
        : newest,
    null,
  );
}

export function shownFlow<T extends Candidate>(state: PanelState, flows: readonly T[]): Shown<T> {
  const picked = flows.find((flow) => flow.id === state.flowId);
  if (picked !== undefined) return { flow: picked, following: false, nodeId: state.nodeId, absentId: null };
  const flow = newestFlow(flows);
  return {
    flow,
    following: isFollowing(state),
    nodeId: null,
    absentId: flow === null ? null : state.flowId,
  };
}
