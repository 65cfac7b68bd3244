import { ATTRIBUTES, providerName } from '@flow-tracking/protocol';
import type { Flow } from '@flow-tracking/express';
import { IntegrationError } from '../errors';
import { currentFlow } from '../shared/current-flow';
import { fieldsOf } from '../shared/fields';
import { beginModelCall, type ModelCall } from '../shared/model-call';
import type { ContentOptions } from '../shared/options';
import { quietly } from '../shared/quietly';
import { askedBy } from './asked-by';
import { answerAttributes, type AskedTool, requestAttributes, toldBy } from './model-answer';
import { failOrAbort } from '../shared/stopped';
import { trackStream } from './track-stream';

/** What every language model of the AI SDK has: `LanguageModelV3`, and `LanguageModelV2` before it. */
export interface TrackableModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: never): PromiseLike<object>;
  doStream(options: never): PromiseLike<{ stream: ReadableStream }>;
}

/** The same, as it is called in here. */
interface CheckedModel {
  readonly provider: string;
  readonly modelId: string;
  doGenerate(options: unknown): PromiseLike<unknown>;
  doStream(options: unknown): PromiseLike<{ stream: ReadableStream<unknown> }>;
}

interface Begun {
  readonly flow: Flow;
  readonly call: ModelCall;
  readonly signal: AbortSignal | undefined;
}

const TRACKED = Symbol.for('@flow-tracking/integrations tracked');

/** @throws {IntegrationError} `invalid_client` */
function checked(model: unknown): CheckedModel {
  const given = fieldsOf(model);
  for (const method of ['doGenerate', 'doStream']) {
    if (typeof given[method] === 'function') continue;
    const got = model === null ? 'null' : typeof model;
    throw new IntegrationError(
      'invalid_client',
      `Expected a language model of the AI SDK; got ${got} without the method ${method}`,
    );
  }
  return model as CheckedModel;
}

/**
 * Records each call of this model as a checkpoint `llm_thinking` of the current flow. What the model is asked, and what it
 * answers, stays as it is.
 *
 * @returns the model itself
 * @throws {IntegrationError} `invalid_client`
 */
export function trackModel<Model extends TrackableModel>(model: Model, options: ContentOptions = {}): Model {
  const given = checked(model);
  if (TRACKED in model) return model;
  const hasContent = options.content === true;
  const generate = given.doGenerate.bind(given);
  const stream = given.doStream.bind(given);
  /** How often each prompt was sent. `generateText` sends the same one again when it retries. */
  const attempts = new WeakMap<object, number>();

  function resends(prompt: unknown): number {
    if (typeof prompt !== 'object' || prompt === null) return 0;
    const before = attempts.get(prompt) ?? 0;
    attempts.set(prompt, before + 1);
    return before;
  }

  function begin(asked: unknown, isStream: boolean): Begun | undefined {
    const flow = currentFlow();
    if (flow === undefined) return undefined;
    const { prompt, abortSignal } = fieldsOf(asked);
    const resent = resends(prompt);
    const call = beginModelCall(flow, {
      [ATTRIBUTES.providerName]: quietly(() => providerName(given.provider)),
      [ATTRIBUTES.requestModel]: quietly(() => given.modelId),
      ...quietly(() => requestAttributes(asked, hasContent)),
      [ATTRIBUTES.stream]: isStream ? true : undefined,
      [ATTRIBUTES.resendCount]: resent === 0 ? undefined : resent,
    });
    return { flow, call, signal: abortSignal instanceof AbortSignal ? abortSignal : undefined };
  }

  /** Calls the model, which may refuse. */
  async function ask<T>({ call, signal }: Begun, fn: () => PromiseLike<T>): Promise<T> {
    try {
      return await call.within(fn);
    } catch (error) {
      failOrAbort(call, error, signal);
      throw error;
    }
  }

  const onTool =
    ({ flow, call }: Begun) =>
    ({ id }: AskedTool): void => {
      askedBy(flow, id, call.checkpoint);
    };

  async function trackedGenerate(begun: Begun, asked: unknown): Promise<unknown> {
    const answer = await ask(begun, () => generate(asked));
    const told = quietly(() => toldBy(answer));
    told?.tools.forEach(onTool(begun));
    begun.call.end(told && quietly(() => answerAttributes(told, hasContent)));
    return answer;
  }

  async function trackedStream(begun: Begun, asked: unknown): Promise<unknown> {
    const answer = await ask(begun, () => stream(asked));
    return { ...answer, stream: trackStream(answer.stream, begun.call, hasContent, begun.signal, onTool(begun)) };
  }

  return Object.defineProperties(model, {
    [TRACKED]: { value: true },
    doGenerate: {
      value: (asked: unknown) => {
        const begun = begin(asked, false);
        return begun === undefined ? generate(asked) : trackedGenerate(begun, asked);
      },
      configurable: true,
      writable: true,
    },
    doStream: {
      value: (asked: unknown) => {
        const begun = begin(asked, true);
        return begun === undefined ? stream(asked) : trackedStream(begun, asked);
      },
      configurable: true,
      writable: true,
    },
  });
}
