import type { AsyncLocalStorage } from 'node:async_hooks';
import { PROTOCOL_VERSION } from '@flow-tracking/protocol';
import type { Flow } from '@flow-tracking/express';

/** All copies of `@flow-tracking/express` in a process share their context by this name, so none has to be loaded here. */
export const CONTEXT_NAME = `@flow-tracking/express/${PROTOCOL_VERSION}`;

const context = Symbol.for(CONTEXT_NAME);
const shared = globalThis as { [name: symbol]: AsyncLocalStorage<{ readonly flow: Flow }> | undefined };

/** The flow that the calling code serves; undefined where nothing is recorded. */
export function currentFlow(): Flow | undefined {
  return shared[context]?.getStore()?.flow;
}
