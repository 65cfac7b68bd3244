import { createMiddleware, type FlowTracking } from '../express/flow-tracking';
import type { FlowTrackingOptions } from '../express/options';
import { resolveOptions } from '../express/resolve-options';
import { createTracker } from '../express/tracker';
import { createFlowStore } from './flow-store';
import type { TestFlow } from './flow-tree';

export interface FlowsOptions {
  /** Ms to wait for flows that still run; those that run on are given with the status `running`. @default 1_000 */
  timeoutMs?: number | undefined;
}

/** A `FlowTracking` that keeps what it records, for tests. */
export interface TestTracking extends FlowTracking {
  /**
   * The flows that were recorded since the start or the last `clear()`, in the order in which they began. Waits for those
   * that still run, because an answer may reach a test before its flow has ended.
   */
  flows(options?: FlowsOptions): Promise<TestFlow[]>;

  /** Forgets all flows, also what those that still run will record. */
  clear(): void;
}

const DEFAULT_TIMEOUT_MS = 1000;

// Kept from when this is loaded, so that a test with fake timers can wait, too.
const { setTimeout, clearTimeout } = globalThis;

/**
 * Makes a tracking for tests: the middleware itself, but for Redis. It takes the options of `flowTracking()`, reads no
 * environment, opens no connection, and records every flow that is not ignored, whatever `redis`, `enabled` and `sample`
 * say. It keeps nothing open, so a test may end without `close()`.
 *
 * @throws {FlowTrackingError} `invalid_option`
 */
export function testTracking(options: FlowTrackingOptions = {}): TestTracking {
  const resolved = resolveOptions({ ...options, enabled: true, sample: 1, flush: { liveMs: 0, idleMs: 0 } }, {});
  const store = createFlowStore();
  const tracker = createTracker(resolved, { sink: store.sink, onFlow: ({ id }) => store.open(id) });

  return Object.assign(createMiddleware(resolved, tracker), {
    async flows({ timeoutMs = DEFAULT_TIMEOUT_MS }: FlowsOptions = {}) {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, timeoutMs);
      });
      await Promise.race([store.allEnded(), timeout]);
      clearTimeout(timer);
      // What was recorded after the end of its flow, or by one that still runs.
      await tracker.flush();
      return store.trees();
    },
    clear: () => {
      store.clear();
    },
  });
}
