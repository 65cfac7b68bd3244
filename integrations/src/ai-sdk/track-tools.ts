import { ATTRIBUTES } from '@flow-tracking/protocol';
import { currentFlow } from '../shared/current-flow';
import { fieldsOf, textOf } from '../shared/fields';
import { beginToolCall, type ModelCall } from '../shared/model-call';
import type { ContentOptions } from '../shared/options';
import { whoAsked } from './asked-by';
import { failOrAbort } from '../shared/stopped';

type Execute = (input: unknown, options: unknown) => unknown;

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof fieldsOf(value)['then'] === 'function';
}

/** Runs a tool in its checkpoint. @param finish takes its result, or the last one of those that it gives one after another */
function runTool(
  call: ModelCall,
  execute: () => unknown,
  finish: (result: unknown) => void,
  fail: (error: unknown) => void,
): unknown {
  async function* passOn(results: AsyncIterable<unknown>): AsyncGenerator<unknown> {
    let last: unknown;
    try {
      for await (const result of results) {
        last = result;
        yield result;
      }
    } catch (error) {
      fail(error);
      throw error;
    } finally {
      finish(last);
    }
  }

  let result: unknown;
  try {
    result = call.within(execute);
  } catch (error) {
    fail(error);
    throw error;
  }
  if (isAsyncIterable(result)) return passOn(result);
  if (!isPromise(result)) {
    finish(result);
    return result;
  }
  return result.then(
    (value) => {
      finish(value);
      return value;
    },
    (error: unknown) => {
      fail(error);
      throw error;
    },
  );
}

function trackExecute(name: string, description: unknown, execute: Execute, hasContent: boolean): Execute {
  return function (this: unknown, input, options) {
    const run = () => execute.call(this, input, options);
    const flow = currentFlow();
    if (flow === undefined) return run();
    const { toolCallId, abortSignal } = fieldsOf(options);
    const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
    const attributes = {
      [ATTRIBUTES.toolName]: name,
      [ATTRIBUTES.toolCallId]: toolCallId,
      [ATTRIBUTES.toolType]: 'function',
      [ATTRIBUTES.toolDescription]: hasContent ? textOf(description) : undefined,
      [ATTRIBUTES.toolArguments]: hasContent ? input : undefined,
    };
    const call = beginToolCall(flow, attributes, whoAsked(flow, toolCallId));
    return runTool(
      call,
      run,
      (result) => {
        call.end(hasContent ? { [ATTRIBUTES.toolResult]: result } : {});
      },
      (error) => {
        failOrAbort(call, error, signal);
      },
    );
  };
}

function trackTool(name: string, tool: unknown, hasContent: boolean): unknown {
  const { execute, description } = fieldsOf(tool);
  if (typeof execute !== 'function') return tool;
  // What else a tool has, and its class, stay as they are.
  const copy = Object.create(Object.getPrototypeOf(tool) as object, Object.getOwnPropertyDescriptors(tool)) as object;
  return Object.defineProperty(copy, 'execute', {
    value: trackExecute(name, description, execute as Execute, hasContent),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/**
 * Records each run of these tools as a checkpoint `tool_call`, under the call of the model that asked for it if that model is
 * tracked by `trackModel`. Tools without `execute`, which the client runs, stay as they are.
 *
 * @param tools as `generateText` and `streamText` take them, by name
 * @returns a copy
 */
export function trackTools<Tools extends object>(tools: Tools, options: ContentOptions = {}): Tools {
  const hasContent = options.content === true;
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => [name, trackTool(name, tool, hasContent)]),
  ) as Tools;
}
