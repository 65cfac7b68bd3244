import type { FlowDetail } from '@flow-tracking/protocol';
import type { FlowState } from '../model/flow-state';
import { missingSeqs } from '../model/seq-set';

/** When history is asked for a hole that stays, ms after it was seen; history itself may lag a little behind. */
const ASK_AFTER_MS = [1_000, 2_000, 5_000, 15_000];

/** Asks history for flows in which events are missing, once a hole has had time to close by itself. */
export interface GapFiller {
  /** To be called with every flow that has changed. */
  check(flow: FlowState): void;
  stop(): void;
}

export function createGapFiller(options: {
  /** The flow as it is known now; undefined when it is no longer kept. */
  readonly current: (flowId: string) => FlowState | undefined;
  readonly load: (flowId: string) => Promise<FlowDetail>;
  readonly onLoaded: (detail: FlowDetail) => void;
}): GapFiller {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** The hole that history was last asked for in vain: not asked again until another one opens. */
  const givenUp = new Map<string, string>();
  let stopped = false;

  const holesOf = (flow: FlowState | undefined): string => (flow === undefined ? '' : missingSeqs(flow.seen).join(' '));

  const ask = async (flowId: string, attempt: number): Promise<void> => {
    const before = holesOf(options.current(flowId));
    if (before === '') {
      timers.delete(flowId);
      return;
    }
    try {
      const detail = await options.load(flowId);
      if (stopped) return;
      options.onLoaded(detail);
    } catch {
      // History is away, or has not heard of the flow yet: asked again below.
    }
    if (stopped) return;
    timers.delete(flowId);
    const left = holesOf(options.current(flowId));
    if (left === '') return;
    if (attempt + 1 < ASK_AFTER_MS.length) schedule(flowId, attempt + 1);
    else givenUp.set(flowId, left);
  };

  function schedule(flowId: string, attempt: number): void {
    timers.set(
      flowId,
      setTimeout(() => void ask(flowId, attempt), ASK_AFTER_MS[attempt]),
    );
  }

  return {
    check(flow) {
      if (stopped || timers.has(flow.flowId)) return;
      const holes = holesOf(flow);
      if (holes === '' || givenUp.get(flow.flowId) === holes) return;
      schedule(flow.flowId, 0);
    },
    stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
