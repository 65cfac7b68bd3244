import { AsyncResource } from 'node:async_hooks';

// Kept from when this is loaded: a test that fakes the timers later does not mean ours.
const { setTimeout } = globalThis;

/**
 * Returns a `setTimeout` whose timers run in the async context of this call. A timer runs in the context that starts it;
 * one that starts the next, and so on, would hold the request that happened to start the first for ever.
 */
export function createRootTimers(): (fn: () => void, ms: number) => NodeJS.Timeout {
  const root = new AsyncResource('FlowTracking', { requireManualDestroy: true });
  // Unreferenced: the connection keeps the process alive until `close`, and a timer must not do so after it.
  return (fn, ms) => root.runInAsyncScope(() => setTimeout(fn, ms).unref());
}
