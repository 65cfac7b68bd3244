import type { AttributesInput, Flow, TimedCheckpoint } from './api';

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
