import type { AttributesInput } from '@flow-tracking/express';
import type { ModelCall } from './model-call';
import type { Operation } from './operation';
import { quietly } from './quietly';

/** A stream as both clients make it. */
export interface ApiStream extends AsyncIterable<unknown> {
  readonly controller: AbortController;
}

type StreamClass = new (iterator: () => AsyncIterator<unknown>, controller: AbortController) => ApiStream;

function isStream(data: unknown): data is ApiStream {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data && 'controller' in data;
}

/** Reads what comes of a call while it passes to the application. */
export interface TrackedCall {
  /** Takes in what the client has parsed. @returns what the application gets */
  read(data: unknown): unknown;
  failed(error: unknown, known?: AttributesInput): void;
  /** The application reads the response itself. */
  leftToApplication(): void;
}

/** @param signal by which the application stops the call */
export function trackCall(
  call: ModelCall,
  operation: Operation,
  hasContent: boolean,
  signal: AbortSignal | undefined,
): TrackedCall {
  function failed(error: unknown, known?: AttributesInput): void {
    if (signal?.aborted === true) call.abort(known);
    else call.fail(quietly(() => operation.failure?.(error)) ?? error, known);
  }

  function iterate(stream: ApiStream): AsyncIterator<unknown> {
    const inner = stream[Symbol.asyncIterator]();
    const reader = quietly(() => operation.stream(hasContent));
    const known = () => quietly(() => reader?.answer()) ?? { attributes: {} };

    function finish(): void {
      const { attributes, failure } = known();
      if (failure === undefined) call.end(attributes);
      else call.fail(failure.error, attributes);
    }

    async function pass(next: Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> {
      let result: IteratorResult<unknown>;
      try {
        result = await next;
      } catch (error) {
        failed(error, known().attributes);
        throw error;
      }
      if (result.done !== true) call.chunk(quietly(() => reader?.read(result.value)) ?? true);
      // The client tells an abort as a mere end.
      else if (stream.controller.signal.aborted) call.abort(known().attributes);
      else finish();
      return result;
    }

    const outer: AsyncIterableIterator<unknown> = {
      next: () => pass(inner.next()),
      return(value) {
        finish();
        return inner.return?.(value) ?? Promise.resolve({ done: true, value: value as unknown });
      },
      throw(error) {
        call.fail(error, known().attributes);
        return inner.throw?.(error) ?? Promise.reject(error as Error);
      },
      [Symbol.asyncIterator]: () => outer,
    };
    return outer;
  }

  return {
    read(data) {
      if (isStream(data)) return new (data.constructor as StreamClass)(() => iterate(data), data.controller);
      const answer = quietly(() => operation.answer(data, hasContent));
      if (answer?.failure === undefined) call.end(answer?.attributes);
      else call.fail(answer.failure.error, answer.attributes);
      return data;
    },
    failed,
    leftToApplication() {
      call.end();
    },
  };
}
