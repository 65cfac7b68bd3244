import { types } from 'node:util';
import type { FlowEndStatus } from '@flow-tracking/protocol';
import { roundToMicros } from '../record/time';
import { type AttributesInput, type BeginOptions, currentParent, type Parent, type TimedCheckpoint } from './api';
import { recordBegin, recordEnd, recordInstant } from './flow-events';
import type { Failure, FlowState, NodeState } from './flow-state';

/** What the timed checkpoints of one flow share. */
export interface FlowNodes {
  readonly flow: FlowNodes & FlowState & Parent['flow'];
  /** Those with a stream that nothing has ended yet; the flow's end ends them. */
  streams: Set<RecordedCheckpoint> | undefined;
  /** How many of them have not ended. */
  open: number;
  /** Some code was called by `run`, so that the async context may tell another parent than the flow itself. */
  hasRun: boolean;
}

/**
 * The promise to watch, if `value` is one. A thenable that is no native promise may be lazy (query builders start with
 * each `then`), so it is adopted, once, and the adopting promise takes its place.
 */
function promiseOf(value: unknown): Promise<unknown> | undefined {
  if (types.isPromise(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    return typeof (value as { then?: unknown }).then === 'function' ? Promise.resolve(value) : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes of a chunk: of text those of UTF-8, none of an object, whose bytes nobody knows. */
function bytesOf(chunk: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk);
  return ArrayBuffer.isView(chunk) || chunk instanceof ArrayBuffer ? chunk.byteLength : 0;
}

/** A timed checkpoint that is recorded. */
export class RecordedCheckpoint implements TimedCheckpoint, NodeState {
  nodeId: number | null;
  lastMs: number;
  startedMs: number;
  startedTs = 0;
  private readonly isRecorded: boolean;
  private ended = false;
  private chunks: number | undefined;
  private bytes = 0;
  private firstChunkMs: number | undefined;
  private streamEndedMs: number | undefined;

  constructor(
    readonly flow: FlowNodes['flow'],
    readonly parent: Parent,
    readonly name: string,
    attributes: AttributesInput | undefined,
    options?: BeginOptions,
  ) {
    // What is recorded under a checkpoint that could not be recorded goes to its parent.
    this.nodeId = parent.nodeId;
    this.lastMs = parent.lastMs;
    this.startedMs = parent.lastMs;
    this.isRecorded = recordBegin(flow, this, attributes, options);
    flow.open += 1;
  }

  checkpoint(name: string, attributes?: AttributesInput): void {
    recordInstant(this.flow, this, name, attributes);
  }

  begin(name: string, attributes?: AttributesInput, options?: BeginOptions): TimedCheckpoint {
    return new RecordedCheckpoint(this.flow, this, name, attributes, options);
  }

  run<T>(
    name: string,
    attributesOrFn: AttributesInput | ((checkpoint: TimedCheckpoint) => T),
    fn?: (checkpoint: TimedCheckpoint) => T,
  ): T {
    return runCheckpoint(this.flow, this, name, attributesOrFn, fn);
  }

  end(attributes?: AttributesInput): void {
    this.finish(this.now(), attributes);
  }

  fail(error: unknown, attributes?: AttributesInput): void {
    this.finish(this.now(), attributes, { error });
  }

  within<T>(fn: () => T): T {
    this.flow.hasRun = true;
    return currentParent.run(this, fn);
  }

  firstChunk(): void {
    this.firstChunkMs ??= this.now();
  }

  async *track<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined> {
    this.chunks ??= 0;
    this.streamEndedMs = undefined;
    if (!this.ended) (this.flow.streams ??= new Set()).add(this);
    let isExhausted = false;
    try {
      for await (const chunk of source) {
        this.firstChunk();
        this.chunks += 1;
        this.bytes += bytesOf(chunk);
        yield chunk;
      }
      isExhausted = true;
      this.streamEndedMs = this.now();
    } catch (error) {
      this.endOnce({ error });
      throw error;
    } finally {
      // Neither the last chunk nor an error: whoever reads has left the loop.
      if (!isExhausted) this.endOnce();
    }
  }

  /**
   * Called when the flow ends while a stream of this checkpoint was not ended by anything else. One that the client cut
   * off is left open, so that it ends as its flow: aborted, which is no error, whatever the stream says of it later.
   */
  endWithFlow(status: FlowEndStatus): void {
    if (this.ended) return;
    if (this.streamEndedMs !== undefined) this.finish(this.streamEndedMs);
    else if (status === 'aborted') this.leaveOpen();
  }

  /** Ends it unless the application has: `fn` of `run` may call `end` with what only it knows. */
  endOnce(failure?: Failure): void {
    if (!this.ended) this.finish(this.now(), undefined, failure);
  }

  private now(): number {
    return this.flow.context.clock.now();
  }

  private leaveOpen(): void {
    this.ended = true;
    this.flow.streams?.delete(this);
  }

  private finish(endedMs: number, attributes?: AttributesInput, failure?: Failure): void {
    if (this.ended) {
      this.flow.context.misused('ended_twice');
      return;
    }
    this.ended = true;
    this.flow.open -= 1;
    this.flow.streams?.delete(this);
    if (this.isRecorded) recordEnd(this.flow, this, endedMs, this.withStream(attributes), failure);
  }

  private withStream(attributes: AttributesInput | undefined): AttributesInput | undefined {
    if (this.chunks === undefined && this.firstChunkMs === undefined) return attributes;
    const stream: Record<string, unknown> = {};
    if (this.chunks !== undefined) stream['flow.chunks'] = this.chunks;
    if (this.bytes > 0) stream['flow.bytes'] = this.bytes;
    if (this.firstChunkMs !== undefined) {
      stream['flow.first_chunk_ms'] = roundToMicros(this.firstChunkMs - this.startedMs);
    }
    try {
      return { ...attributes, ...stream };
    } catch {
      // A getter of theirs threw while being copied.
      return stream;
    }
  }
}

/** Calls `fn` within a new timed checkpoint; see `CheckpointParent.run`. */
export function runCheckpoint<T>(
  flow: FlowNodes['flow'],
  parent: Parent,
  name: string,
  attributesOrFn: AttributesInput | ((checkpoint: TimedCheckpoint) => T),
  fn: ((checkpoint: TimedCheckpoint) => T) | undefined,
): T {
  const call = fn ?? (attributesOrFn as (checkpoint: TimedCheckpoint) => T);
  const attributes = fn === undefined ? undefined : (attributesOrFn as AttributesInput);
  const node = new RecordedCheckpoint(flow, parent, name, attributes);
  flow.hasRun = true;
  let result: T;
  try {
    result = currentParent.run(node, call, node);
  } catch (error) {
    node.endOnce({ error });
    throw error;
  }
  const promise = promiseOf(result);
  if (promise === undefined) {
    node.endOnce();
    return result;
  }
  // Both outcomes are handled here, so this adds no unhandled rejection, nor does it hide the caller's own.
  promise.then(
    () => {
      node.endOnce();
    },
    (error: unknown) => {
      node.endOnce({ error });
    },
  );
  return promise as T;
}
