import { AsyncLocalStorage } from 'node:async_hooks';
import { type FlowEndStatus, PROTOCOL_VERSION } from '@flow-tracking/protocol';

/**
 * Attributes as an application passes them: any value is taken, cleaned and cut where needed.
 * `status: 'passed' | 'failed'` also sets the checkpoint's status to `ok` or `error`.
 */
export type AttributesInput = Readonly<Record<string, unknown>>;

/** What `identify` takes. An id is a string or number of at most 255 UTF-8 bytes. Anything else is counted and ignored. */
export interface Identity {
  userId: string | number;
  sessionId?: string | number | undefined;
}

/** What `begin` takes beside the attributes. */
export interface BeginOptions {
  /**
   * When the work began, if that was before this call: epoch ms (`Date.now()`) or a `Date`, by this machine's clock. A time
   * before the flow's start becomes that start, and a time in the future becomes now. Anything else is counted and ignored.
   *
   * @default now
   */
  startedAt?: number | Date | undefined;
}

/** Records checkpoints under one parent: a flow's top level or a timed checkpoint. Nothing here throws or waits. */
export interface CheckpointParent {
  /** Records an instant checkpoint. Its duration is the time since the previous event under the same parent. */
  checkpoint(name: string, attributes?: AttributesInput): void;

  /** Records the begin of a timed checkpoint. Call its `end` or `fail` later, else it is shown as still running. */
  begin(name: string, attributes?: AttributesInput, options?: BeginOptions): TimedCheckpoint;

  /**
   * Calls `fn` within a timed checkpoint. It ends when `fn` returns (or its promise settles) and fails when `fn` throws (or
   * rejects). What `fn` records through `req.flow` or `currentFlow()` is nested under it, in parallel branches, too. Returns
   * what `fn` returns and throws what it throws.
   */
  run<T>(name: string, fn: (checkpoint: TimedCheckpoint) => T): T;
  run<T>(name: string, attributes: AttributesInput, fn: (checkpoint: TimedCheckpoint) => T): T;
}

/** A checkpoint that takes time. */
export interface TimedCheckpoint extends CheckpointParent {
  /** Ends it. A second `end` or `fail` changes nothing and is counted as misuse. */
  end(attributes?: AttributesInput): void;

  /** Ends it as failed. `error` may be anything that can be thrown. */
  fail(error: unknown, attributes?: AttributesInput): void;

  /**
   * Calls `fn` and returns what it returns. What `fn` records through `req.flow` or `currentFlow()` is nested under this
   * checkpoint. Unlike `run`, it never ends the checkpoint.
   */
  within<T>(fn: () => T): T;

  /**
   * Marks the first chunk of a stream that is not read through `track`: the end says `flow.first_chunk_ms`, the time since
   * the begin. Only the first call counts, so it can be called for every chunk.
   */
  firstChunk(): void;

  /**
   * Passes the chunks of a stream on. Counts them and their bytes, and times the first one. The end then has `flow.chunks`,
   * `flow.bytes` (text and binary chunks) and `flow.first_chunk_ms`. Leaving the loop early ends the checkpoint; an error fails
   * it. After the last chunk it stays open, so that `end` can add what is known then (tokens). Without an `end` it ends with
   * the flow, at the time of the last chunk.
   */
  track<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined>;
}

/** One tracked interaction. */
export interface Flow extends CheckpointParent {
  /** The flow's ULID; empty when nothing is recorded. */
  readonly id: string;

  /** False when tracking is off, the request is ignored, or there is no flow here. Every method then does nothing. */
  readonly recording: boolean;

  /** Aborted when the client goes away before the response is complete. Hand it to what should stop then. */
  readonly signal: AbortSignal;

  /** Says whom the flow serves. If that user is monitored, the flow's earlier events are published first. */
  identify(identity: Identity): void;

  /** Marks the flow failed; its end says so. `errorHandler()` calls it. */
  fail(error: unknown): void;

  /** Makes this the `currentFlow()` within `fn`: for flows of `startFlow()`, and where the async context was lost. */
  within<T>(fn: () => T): T;

  /**
   * Ends the flow. HTTP requests end by themselves when the response closes. A second end changes nothing. Checkpoints recorded
   * after the end still belong to the flow.
   *
   * @param status without it: `error` after `fail`, else `ok`
   */
  end(status?: FlowEndStatus): void;
}

/** What a checkpoint can be recorded under: a flow's top level, or one of its timed checkpoints. */
export interface Parent {
  readonly flow: Flow;
  /** Null: the top level. */
  readonly nodeId: number | null;
  /** `clock.now()` of the latest event under this parent. */
  lastMs: number;
}

/** What `run` calls. */
export type Work<T> = (checkpoint: TimedCheckpoint) => T;

const nothing = (): void => undefined;

function run<T>(_name: string, attributesOrFn: AttributesInput | Work<T>, fn?: Work<T>): T {
  return (fn ?? (attributesOrFn as Work<T>))(noopCheckpoint);
}

async function* passOn<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* source;
}

const noopParent = {
  checkpoint: nothing,
  begin: (): TimedCheckpoint => noopCheckpoint,
  run,
  within: <T>(fn: () => T): T => fn(),
  fail: nothing,
  end: nothing,
};

const noopCheckpoint: TimedCheckpoint = { ...noopParent, firstChunk: nothing, track: passOn };

/** Stands in when nothing is recorded. It has the same API, and its signal never aborts. */
export const noopFlow: Flow = {
  ...noopParent,
  id: '',
  recording: false,
  signal: new AbortController().signal,
  identify: nothing,
};

/** A process may load several copies of this package. Those with the same version of the protocol share their context. */
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
