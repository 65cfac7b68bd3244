import type { FlowDetail } from '@flow-tracking/protocol';
import type { StoredFlow } from '@flow-tracking/protocol/model';

/** When history is asked for a hole that stays, ms after it was seen; history itself may lag a little behind. */
const ASK_AFTER_MS = [1_000, 2_000, 5_000, 15_000];

/** Pages of one flow that are read; a bridge gives some 8 MB a page, and a browser holds no more of them. */
const MAX_PAGES = 25;

/** Asks history for flows in which events are missing, once a hole has had time to close by itself. */
export interface GapFiller {
  /** To be called with every flow that has changed. */
  check(flow: StoredFlow): void;
  /** To be called with a flow of which a snapshot had not all: reads it page by page. */
  fill(flowId: string): void;
  stop(): void;
}

export function createGapFiller(options: {
  /** The flow as it is known now; undefined when it is no longer kept. */
  readonly current: (flowId: string) => StoredFlow | undefined;
  /** Reads a page of a flow. */
  readonly load: (flowId: string, cursor: string | undefined) => Promise<FlowDetail>;
  /** Gets each page; `complete` with the last one, if all before it have come. */
  readonly onLoaded: (detail: FlowDetail, complete: boolean) => void;
}): GapFiller {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** The hole that history was last asked for in vain: not asked again until another one opens. */
  const givenUp = new Map<string, string>();
  /** Flows that are being read page by page. */
  const filling = new Set<string>();
  /** One flow is read at a time: a snapshot may name many, and each may be large. */
  let lastFill: Promise<void> = Promise.resolve();
  let stopped = false;

  const loadAll = async (flowId: string): Promise<void> => {
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES && !stopped; page++) {
      const detail = await options.load(flowId, cursor);
      if (stopped) return;
      options.onLoaded(detail, detail.next_cursor === null);
      if (detail.next_cursor === null) return;
      cursor = detail.next_cursor;
    }
  };

  const holesOf = (flow: StoredFlow | undefined): string => flow?.missing().join(' ') ?? '';

  const ask = async (flowId: string, attempt: number): Promise<void> => {
    const before = holesOf(options.current(flowId));
    if (before === '') {
      timers.delete(flowId);
      return;
    }
    try {
      await loadAll(flowId);
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
    fill(flowId) {
      if (stopped || filling.has(flowId)) return;
      filling.add(flowId);
      lastFill = lastFill
        .then(async () => {
          // It may have been let go since.
          if (options.current(flowId) !== undefined) await loadAll(flowId);
        })
        // What fails is asked for again with the next snapshot.
        .catch(() => undefined)
        .finally(() => filling.delete(flowId));
    },
    stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
