import { types } from 'node:util';
import type { FlowEndStatus } from '@flow-tracking/protocol';
import { roundToMicros } from '../record/clock';
import type { AttributesInput, BeginOptions, Flow, TimedCheckpoint } from './api';
import { currentParent, type Parent } from './context';
import type { BegunNode, Failure, FlowWriter } from './flow-writer';

/** What the timed checkpoints of one flow share. */
export interface FlowNodes {
  readonly flow: Flow;
  readonly writer: FlowWriter;
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
export class RecordedCheckpoint implements TimedCheckpoint, Parent {
  readonly nodeId: number | null;
  lastMs: number;
  private readonly node: BegunNode | undefined;
  private ended = false;
  private chunks: number | undefined;
  private bytes = 0;
  private firstChunkMs: number | undefined;
  private streamEndedMs: number | undefined;

  constructor(
    private readonly nodes: FlowNodes,
    parent: Parent,
    name: string,
    attributes: AttributesInput | undefined,
    options?: BeginOptions,
  ) {
    this.node = nodes.writer.begin(parent, name, attributes, options);
    nodes.open += 1;
    // What is recorded under a checkpoint that could not be recorded goes to its parent.
    this.nodeId = this.node === undefined ? parent.nodeId : this.node.nodeId;
    this.lastMs = this.node === undefined ? parent.lastMs : this.node.startedMs;
  }

  get flow(): Flow {
    return this.nodes.flow;
  }

  checkpoint(name: string, attributes?: AttributesInput): void {
    this.nodes.writer.instant(this, name, attributes);
  }

  begin(name: string, attributes?: AttributesInput, options?: BeginOptions): TimedCheckpoint {
    return new RecordedCheckpoint(this.nodes, this, name, attributes, options);
  }

  run<T>(
    name: string,
    attributesOrFn: AttributesInput | ((checkpoint: TimedCheckpoint) => T),
    fn?: (checkpoint: TimedCheckpoint) => T,
  ): T {
    return runCheckpoint(this.nodes, this, name, attributesOrFn, fn);
  }

  end(attributes?: AttributesInput): void {
    this.finish(this.nodes.writer.now(), attributes);
  }

  fail(error: unknown, attributes?: AttributesInput): void {
    this.finish(this.nodes.writer.now(), attributes, { error });
  }

  within<T>(fn: () => T): T {
    this.nodes.hasRun = true;
    return currentParent.run(this, fn);
  }

  firstChunk(): void {
    this.firstChunkMs ??= this.nodes.writer.now();
  }

  async *track<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined> {
    const { writer } = this.nodes;
    this.chunks ??= 0;
    this.streamEndedMs = undefined;
    if (!this.ended) (this.nodes.streams ??= new Set()).add(this);
    let isExhausted = false;
    try {
      for await (const chunk of source) {
        this.firstChunk();
        this.chunks += 1;
        this.bytes += bytesOf(chunk);
        yield chunk;
      }
      isExhausted = true;
      this.streamEndedMs = writer.now();
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
    if (!this.ended) this.finish(this.nodes.writer.now(), undefined, failure);
  }

  private leaveOpen(): void {
    this.ended = true;
    this.nodes.streams?.delete(this);
  }

  private finish(endedMs: number, attributes?: AttributesInput, failure?: Failure): void {
    if (this.ended) {
      this.nodes.writer.misused('ended_twice');
      return;
    }
    this.ended = true;
    this.nodes.open -= 1;
    this.nodes.streams?.delete(this);
    if (this.node !== undefined) {
      this.nodes.writer.end(this.node, endedMs, this.withStream(this.node, attributes), failure);
    }
  }

  private withStream(node: BegunNode, attributes: AttributesInput | undefined): AttributesInput | undefined {
    if (this.chunks === undefined && this.firstChunkMs === undefined) return attributes;
    const stream: Record<string, unknown> = {};
    if (this.chunks !== undefined) stream['flow.chunks'] = this.chunks;
    if (this.bytes > 0) stream['flow.bytes'] = this.bytes;
    if (this.firstChunkMs !== undefined) {
      stream['flow.first_chunk_ms'] = roundToMicros(this.firstChunkMs - node.startedMs);
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
  nodes: FlowNodes,
  parent: Parent,
  name: string,
  attributesOrFn: AttributesInput | ((checkpoint: TimedCheckpoint) => T),
  fn: ((checkpoint: TimedCheckpoint) => T) | undefined,
): T {
  const call = fn ?? (attributesOrFn as (checkpoint: TimedCheckpoint) => T);
  const attributes = fn === undefined ? undefined : (attributesOrFn as AttributesInput);
  const node = new RecordedCheckpoint(nodes, parent, name, attributes);
  nodes.hasRun = true;
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
