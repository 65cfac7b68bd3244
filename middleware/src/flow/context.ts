import { AsyncLocalStorage } from 'node:async_hooks';
import { PROTOCOL_VERSION } from '@flow-tracking/protocol';
import type { AttributesInput, Flow, TimedCheckpoint } from './api';

/** What a checkpoint can be recorded under: a flow's top level, or one of its timed checkpoints. */
export interface Parent {
  readonly flow: Flow;
  /** Null: the top level. */
  readonly nodeId: number | null;
  /** `clock.now()` of the latest event under this parent. */
  lastMs: number;
}

const nothing = (): void => undefined;

function run<T>(
  _name: string,
  attributesOrFn: AttributesInput | ((checkpoint: TimedCheckpoint) => T),
  fn?: (checkpoint: TimedCheckpoint) => T,
): T {
  const call = fn ?? (attributesOrFn as (checkpoint: TimedCheckpoint) => T);
  return call(noopCheckpoint);
}

async function* passOn<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* source;
}

const noopCheckpoint: TimedCheckpoint = {
  checkpoint: nothing,
  begin: () => noopCheckpoint,
  run,
  end: nothing,
  fail: nothing,
  within: (fn) => fn(),
  firstChunk: nothing,
  track: passOn,
};

/** Stands in where nothing is recorded, with the same API. Its signal never aborts. */
export const noopFlow: Flow = {
  id: '',
  recording: false,
  signal: new AbortController().signal,
  checkpoint: nothing,
  begin: () => noopCheckpoint,
  run,
  identify: nothing,
  fail: nothing,
  within: (fn) => fn(),
  end: nothing,
};

/** A process may load several copies of this package; those that speak one version of the protocol share their context. */
export const SHARED_NAME = `@flow-tracking/express/${PROTOCOL_VERSION}`;

const shared = globalThis as { [name: symbol]: AsyncLocalStorage<Parent> | undefined };

/** The parent for what is recorded through the flow itself. Only `run`, `within` and the request's start set it. */
export const currentParent = (shared[Symbol.for(SHARED_NAME)] ??= new AsyncLocalStorage<Parent>());

/**
 * The flow that the calling code serves, from anywhere below the request's handler. Outside of any flow it is one that
 * records nothing (`recording` is false), so callers need no check.
 */
export function currentFlow(): Flow {
  return currentParent.getStore()?.flow ?? noopFlow;
}
