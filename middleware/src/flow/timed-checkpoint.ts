import { types } from 'node:util';
import type { FlowEndStatus } from '@flow-tracking/protocol';
import { roundToMicros } from '../record/time';
import type { AttributesInput, BeginOptions, Parent, TimedCheckpoint, Work } from './api';
import { currentParent } from './api';
import type { RecordedFlow } from './flow';
import { type Failure, recordBegin, recordEnd, recordInstant } from './flow-events';

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

/** Bytes of a chunk: UTF-8 for text, 0 for an object, whose size is unknown. */
function bytesOf(chunk: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk);
  return ArrayBuffer.isView(chunk) || chunk instanceof ArrayBuffer ? chunk.byteLength : 0;
}

/** A timed checkpoint that is recorded. */
export class RecordedCheckpoint implements TimedCheckpoint, Parent {
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
    readonly flow: RecordedFlow,
    readonly parent: Parent,
    readonly name: string,
    attributes: AttributesInput | undefined,
    options?: BeginOptions,
  ) {
    // If this checkpoint can't be recorded, its parent gets what is recorded under it.
    this.nodeId = parent.nodeId;
    this.lastMs = parent.lastMs;
    this.startedMs = parent.lastMs;
    this.isRecorded = recordBegin(this, attributes, options);
    flow.open += 1;
  }

  checkpoint(name: string, attributes?: AttributesInput): void {
    recordInstant(this.flow, this, name, attributes);
  }

  begin(name: string, attributes?: AttributesInput, options?: BeginOptions): TimedCheckpoint {
    return new RecordedCheckpoint(this.flow, this, name, attributes, options);
  }

  run<T>(name: string, attributesOrFn: AttributesInput | Work<T>, fn?: Work<T>): T {
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
      // No last chunk and no error: the reader has left the loop.
      if (!isExhausted) this.endOnce();
    }
  }

  /**
   * Called when the flow ends and nothing else has ended a stream of this checkpoint. A stream that the client cut off stays
   * open, so that it ends like its flow: aborted, which is no error, whatever the stream reports later.
   */
  endWithFlow(status: FlowEndStatus): void {
    if (this.ended) return;
    if (this.streamEndedMs !== undefined) this.finish(this.streamEndedMs);
    else if (status === 'aborted') this.ended = true;
  }

  /** Ends it unless the application has done so: `fn` of `run` may call `end` with what only it knows. */
  endOnce(failure?: Failure): void {
    if (!this.ended) this.finish(this.now(), undefined, failure);
  }

  private now(): number {
    return this.flow.context.clock.now();
  }

  private finish(endedMs: number, attributes?: AttributesInput, failure?: Failure): void {
    if (this.ended) {
      this.flow.context.misused('ended_twice');
      return;
    }
    this.ended = true;
    this.flow.open -= 1;
    this.flow.streams?.delete(this);
    if (this.isRecorded) recordEnd(this, endedMs, this.withStream(attributes), failure);
  }

  private withStream(attributes: AttributesInput | undefined): AttributesInput | undefined {
    if (this.chunks === undefined && this.firstChunkMs === undefined) return attributes;
    const stream: Record<string, number> = {};
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
  flow: RecordedFlow,
  parent: Parent,
  name: string,
  attributesOrFn: AttributesInput | Work<T>,
  fn: Work<T> | undefined,
): T {
  const call = fn ?? (attributesOrFn as Work<T>);
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
  // Both outcomes are handled here. This adds no unhandled rejection, and hides none of the caller's.
  promise.then(
    () => node.endOnce(),
    (error: unknown) => node.endOnce({ error }),
  );
  return promise as T;
}
