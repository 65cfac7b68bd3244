import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { AttributesInput, TimedCheckpoint } from '@flow-tracking/express';
import { fieldsOf, textOf } from '../shared/fields';
import { callOf, type ModelCall } from '../shared/model-call';
import type { ContentOptions } from '../shared/options';
import { quietly } from '../shared/quietly';
import { failOrAbort } from '../shared/stopped';
import { chainName, isGraph } from './chain-name';
import { answerAttributes, conversationId, inputMessages, isOutput, requestAttributes } from './chat-run';
import { keepRun, placeOf, runOf, takeRun } from './runs';

/** What is thrown when a call was stopped, whoever stopped it. */
const ABORTED = new Set<unknown>(['AbortError', 'ModelAbortError']);
/** LangChain and LangGraph also throw errors that have nothing but their message. */
const ABORT_MESSAGES = new Set<unknown>(['Abort', 'Aborted']);

function isAbort(error: unknown): boolean {
  const { name, message } = fieldsOf(error);
  return ABORTED.has(name) || (name === 'Error' && ABORT_MESSAGES.has(message));
}

function signalOf(extra: unknown): AbortSignal | undefined {
  const { signal } = fieldsOf(fieldsOf(extra)['options']);
  return signal instanceof AbortSignal ? signal : undefined;
}

/**
 * Records the runs of LangChain and LangGraph as checkpoints of the current flow: models as `llm_thinking`, tools as
 * `tool_call`, retrievers as `retrieval`, and nodes, agents and chains that have a name by it. One handler does for all
 * requests: `{ callbacks: [new FlowCallbackHandler()] }`.
 */
export class FlowCallbackHandler {
  readonly name = 'flow_tracking';
  /** LangChain puts what it does not await into a queue, and times would be those of the queue. */
  readonly awaitHandlers = true;
  readonly raiseError = false;
  readonly ignoreLLM = false;
  readonly ignoreChain = false;
  readonly ignoreAgent = false;
  readonly ignoreRetriever = false;
  readonly ignoreCustomEvent = true;
  private readonly hasContent: boolean;

  constructor(options: ContentOptions = {}) {
    this.hasContent = options.content === true;
  }

  /** LangChain asks for it; there is nothing in here that a copy would have for itself. */
  copy(): this {
    return this;
  }

  handleChatModelStart(
    _model: object,
    messages: unknown,
    runId: string,
    parentRunId?: string,
    extra?: object,
    _tags?: string[],
    metadata?: object,
  ): void {
    const [prompt] = Array.isArray(messages) ? (messages as unknown[]) : [];
    this.startModel(runId, parentRunId, extra, metadata, () => inputMessages(prompt));
  }

  handleLLMStart(
    _model: object,
    prompts: unknown,
    runId: string,
    parentRunId?: string,
    extra?: object,
    _tags?: string[],
    metadata?: object,
  ): void {
    this.startModel(runId, parentRunId, extra, metadata, () => prompts);
  }

  handleLLMNewToken(
    token: unknown,
    _index: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    fields?: object,
  ): void {
    runOf(runId)?.call?.chunk(quietly(() => isOutput(token, fields)) ?? true);
  }

  handleLLMEnd(output: unknown, runId: string): void {
    this.end(runId, () => answerAttributes(output, this.hasContent));
  }

  handleLLMError(error: unknown, runId: string): void {
    this.fail(runId, error);
  }

  handleChainStart(
    chain: object,
    _inputs: unknown,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: object,
    runType?: string,
    runName?: string,
  ): void {
    const name = quietly(() => chainName(chain, runName, tags, runType));
    const attributes = isGraph(chain)
      ? {
          [ATTRIBUTES.operationName]: 'invoke_agent',
          [ATTRIBUTES.agentName]: name,
          [ATTRIBUTES.conversationId]: conversationId(metadata),
        }
      : undefined;
    this.start(runId, parentRunId, name, attributes);
  }

  handleChainEnd(_outputs: unknown, runId: string): void {
    this.end(runId);
  }

  handleChainError(error: unknown, runId: string): void {
    this.fail(runId, error);
  }

  handleToolStart(
    tool: object,
    input: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    metadata?: object,
    runName?: string,
    toolCallId?: string,
  ): void {
    this.start(runId, parentRunId, 'tool_call', {
      [ATTRIBUTES.operationName]: 'execute_tool',
      [ATTRIBUTES.toolName]: quietly(() => textOf(runName) ?? textOf(fieldsOf(tool)['name'])),
      [ATTRIBUTES.toolCallId]: toolCallId,
      [ATTRIBUTES.toolType]: 'function',
      [ATTRIBUTES.conversationId]: conversationId(metadata),
      [ATTRIBUTES.toolArguments]: this.hasContent ? input : undefined,
    });
  }

  handleToolEnd(output: unknown, runId: string): void {
    this.end(runId, () => {
      if (!this.hasContent) return {};
      // A tool that a model asked for gives a message.
      return { [ATTRIBUTES.toolResult]: fieldsOf(output)['content'] ?? output };
    });
  }

  handleToolError(error: unknown, runId: string): void {
    this.fail(runId, error);
  }

  handleRetrieverStart(
    _retriever: object,
    query: unknown,
    runId: string,
    parentRunId?: string,
    _tags?: string[],
    _metadata?: object,
    name?: string,
  ): void {
    this.start(runId, parentRunId, textOf(name) ?? 'retrieval', {
      [ATTRIBUTES.operationName]: 'retrieval',
      [ATTRIBUTES.retrievalQuery]: this.hasContent ? query : undefined,
    });
  }

  handleRetrieverEnd(_documents: unknown, runId: string): void {
    this.end(runId);
  }

  handleRetrieverError(error: unknown, runId: string): void {
    this.fail(runId, error);
  }

  private startModel(
    runId: string,
    parentRunId: string | undefined,
    extra: unknown,
    metadata: unknown,
    prompt: () => unknown,
  ): void {
    const attributes = {
      ...quietly(() => requestAttributes(extra, metadata)),
      [ATTRIBUTES.inputMessages]: this.hasContent ? quietly(prompt) : undefined,
    };
    this.start(runId, parentRunId, 'llm_thinking', attributes, signalOf(extra));
  }

  /** @param name undefined: the run has no checkpoint, and those below it stand under its parent */
  private start(
    runId: string,
    parentRunId: string | undefined,
    name: string | undefined,
    attributes: AttributesInput | undefined,
    signal?: AbortSignal,
  ): void {
    const place = placeOf(runId, parentRunId);
    if (place === undefined) return;
    const { flow, under } = place;
    let checkpoint: TimedCheckpoint | undefined;
    let call: ModelCall | undefined;
    if (name !== undefined) {
      checkpoint = under.begin(name, attributes);
      call = callOf(flow, checkpoint);
    }
    keepRun(runId, { flow, under: checkpoint ?? under, call, signal });
  }

  private end(runId: string, attributes?: () => AttributesInput): void {
    const call = takeRun(runId)?.call;
    call?.end(attributes === undefined ? undefined : quietly(attributes));
  }

  private fail(runId: string, error: unknown): void {
    const run = takeRun(runId);
    if (run?.call === undefined) return;
    // LangGraph interrupts a graph, and hands over to another one, by what it throws.
    if (fieldsOf(error)['is_bubble_up'] === true) run.call.end();
    else if (isAbort(error)) run.call.abort();
    else failOrAbort(run.call, error, run.signal);
  }
}
