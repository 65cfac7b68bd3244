import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { AttributesInput, CheckpointParent, Flow, TimedCheckpoint } from '@flow-tracking/express';
import { fieldsOf, numberOf } from './fields';

/** A call of a model, or of a tool, that is recorded. Its first end counts; nothing in here throws. */
export interface ModelCall {
  /** For what belongs under the call and is not called within it. */
  readonly checkpoint: CheckpointParent;
  /** Calls `fn`; what is recorded within is nested under the call. */
  within<T>(fn: () => T): T;
  /** Counts a request. All but the first are retries. */
  attempt(): void;
  /** Counts a chunk of a stream. @param isOutput false for one that only says that the answer has begun */
  chunk(isOutput: boolean): void;
  end(attributes?: AttributesInput): void;
  fail(error: unknown, attributes?: AttributesInput): void;
  /**
   * Ends a call that the application has stopped. If its client has left, it stays open, and ends as aborted with its flow.
   *
   * @param attributes what is known of the answer by then
   */
  abort(attributes?: AttributesInput): void;
}

/** @param attributes what is known before the answer */
export function beginModelCall(flow: Flow, attributes: AttributesInput): ModelCall {
  return callOf(flow, flow.begin('llm_thinking', attributes));
}

/**
 * @param attributes what is known before the result
 * @param parent of the call, where that is not what it is called within
 */
export function beginToolCall(flow: Flow, attributes: AttributesInput, parent: CheckpointParent = flow): ModelCall {
  return callOf(flow, parent.begin('tool_call', { [ATTRIBUTES.operationName]: 'execute_tool', ...attributes }));
}

/** @param checkpoint has just begun in the flow */
export function callOf(flow: Flow, checkpoint: TimedCheckpoint): ModelCall {
  let attempts = 0;
  let chunks = 0;
  let hasEnded = false;

  const counts = (): AttributesInput => ({
    ...(attempts > 1 && { [ATTRIBUTES.resendCount]: attempts - 1 }),
    ...(chunks > 0 && { [ATTRIBUTES.chunks]: chunks }),
  });

  function endOnce(finish: () => void): void {
    if (hasEnded) return;
    hasEnded = true;
    finish();
  }

  function end(known?: AttributesInput): void {
    endOnce(() => {
      checkpoint.end({ ...known, ...counts() });
    });
  }

  return {
    checkpoint,
    within: (fn) => checkpoint.within(fn),
    attempt() {
      attempts += 1;
    },
    chunk(isOutput) {
      chunks += 1;
      if (isOutput) checkpoint.firstChunk();
    },
    end,
    fail(error, known) {
      endOnce(() => {
        const { status: own, statusCode } = fieldsOf(error);
        const status = numberOf(own) ?? numberOf(statusCode);
        checkpoint.fail(error, {
          ...known,
          ...counts(),
          ...(status !== undefined && { [ATTRIBUTES.httpStatus]: status }),
        });
      });
    },
    abort(known) {
      if (flow.signal.aborted) hasEnded = true;
      else end({ ...known, [ATTRIBUTES.aborted]: true });
    },
  };
}
