import { backOffMs, type BackOffRange } from '@flow-tracking/protocol';
import type { PendingEvent } from '../encode/event-text';
import { liveDelayMs, type Batch, type DropReason, type RecorderStats, type Sink, type WriteResult } from './batch';
import { EventQueue, type QueueLimits } from './event-queue';
import type { Warn } from './logger';
import { StayAlive, Waiters, type StartTimer } from './time';

export interface RecorderOptions extends QueueLimits {
  /** Most ms that an event of a monitored user waits before it is sent, unless {@link liveDelayMs} says otherwise. */
  readonly liveMs: number;
  /** Ms that other events wait. */
  readonly idleMs: number;
}

const RETRY: BackOffRange = { firstMs: 100, maxMs: 2000 };
/** How long a process that would exit waits for Redis to take its last events, from the write on. */
const STAY_MS = 1000;

/**
 * Holds events until they are written. Recording is synchronous and does no I/O. One batch is on its way at a time, which keeps
 * the order and bounds what piles up. When the queue is full, the newest event is dropped and counted. A failed batch is written
 * again unchanged: ids and times are fixed, and the bridge inserts idempotently.
 */
export class Recorder {
  private readonly queue: EventQueue;
  private timer: NodeJS.Timeout | undefined;
  private timerDelayMs = 0;
  private liveMs: number;
  private isWriting = false;
  private failures = 0;
  private isClosed = false;
  private readonly waiters: Waiters;
  private readonly stayAlive: StayAlive;
  private readonly counts: Omit<RecorderStats, 'queued'> = {
    recorded: 0,
    written: 0,
    published: 0,
    unpublished: 0,
    dropped: { queue_full: 0, closed: 0 },
    flushes: { count: 0, failed: 0, lastMs: 0, maxMs: 0 },
  };

  constructor(
    private readonly options: RecorderOptions,
    private readonly sink: Sink,
    private readonly warn: Warn,
    private readonly startRootTimer: StartTimer,
    readonly textOf: (event: PendingEvent) => string,
  ) {
    this.queue = new EventQueue(options, textOf);
    this.liveMs = options.liveMs;
    this.waiters = new Waiters(startRootTimer);
    this.stayAlive = new StayAlive(options.idleMs + STAY_MS, startRootTimer);
  }

  /** The event to fill for {@link recordNext}. */
  get next(): PendingEvent {
    return this.queue.next;
  }

  /**
   * Records {@link next}. It becomes text later, together with others.
   *
   * @param liveUser the flow's user if monitored: the event is then published, too, and soon
   */
  recordNext(liveUser: string | undefined): void {
    if (this.isClosed) this.drop('closed', 1);
    else if (!this.queue.add(liveUser)) this.drop('queue_full', 1);
    else {
      this.counts.recorded += 1;
      this.schedule(liveUser === undefined ? this.options.idleMs : this.liveMs);
    }
  }

  /** Records an event that is text. */
  record(event: string, liveUser: string | undefined): void {
    Object.assign(this.next, { type: 'text', attributes: undefined, moreText: event });
    this.recordNext(liveUser);
  }

  /** Publishes events that are recorded already, ahead of the user's next ones. */
  publishEarlier(liveUser: string, events: readonly string[]): void {
    if (this.isClosed || !this.queue.addEarlier(events, liveUser)) this.counts.unpublished += 1;
    else this.schedule(this.liveMs);
  }

  /** The sink is ready: writes what has waited for it. */
  resume(): void {
    if (!this.queue.hasWaiting && this.failures === 0) return;
    this.stayAlive.renew();
    this.startTimer(0);
  }

  /** An attempt to connect has failed: neither the process nor {@link close} waits for the next one. */
  unreachable(): void {
    this.stayAlive.giveUp();
    this.waiters.settle(true);
  }

  /**
   * Resolves with whether everything recorded so far is written: when it is, after `timeoutMs`, or when the recorder is closed.
   *
   * @param isClosing resolves also when Redis can't be reached
   */
  async flush(timeoutMs: number, isClosing = false): Promise<boolean> {
    const target = this.counts.recorded;
    const isWritten = (): boolean => this.counts.written >= target;
    const ended = this.waiters.until(() => this.isClosed || isWritten(), timeoutMs, isClosing);
    if (this.waiters.size > 0) this.schedule(0);
    await ended;
    return isWritten();
  }

  /**
   * Flushes, then takes no more. What could not be written by then, or when an attempt to connect has failed, is dropped
   * and counted.
   */
  async close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs, true);
    this.isClosed = true;
    this.failures = 0;
    clearTimeout(this.timer);
    this.stayAlive.end();
    this.drop('closed', this.queue.events);
    this.queue.clear();
    this.waiters.settle();
  }

  stats(): RecorderStats {
    const { dropped, flushes, ...counts } = this.counts;
    const queued = { events: this.queue.events, bytes: this.queue.bytes };
    return { ...counts, dropped: { ...dropped }, flushes: { ...flushes }, queued };
  }

  private drop(reason: DropReason, count: number): void {
    if (count === 0) return;
    this.counts.dropped[reason] += count;
    this.warn(`events_dropped_${reason}`, `Events dropped (${reason}): ${this.counts.dropped[reason]} in all`);
  }

  /** Makes sure that a write begins within `delayMs`. While a failed batch waits, its longer delay counts. */
  private schedule(delayMs: number): void {
    if (this.isWriting || this.failures > 0) return;
    const withinMs = this.queue.hasFullBatch ? 0 : delayMs;
    // A timer with the same delay or less is due sooner, so no clock is read here.
    if (this.timer === undefined || this.timerDelayMs > withinMs) this.startTimer(withinMs);
  }

  private startTimer(delayMs: number): void {
    clearTimeout(this.timer);
    this.stayAlive.begin();
    this.timerDelayMs = delayMs;
    this.timer = this.startRootTimer(() => void this.writeNext(), delayMs);
  }

  private async writeNext(): Promise<void> {
    this.timer = undefined;
    if (this.isWriting) return;
    // What the application passed is held until here at most.
    this.queue.encode();
    // A sink that is not ready calls `resume` when it is.
    const batch = this.sink.isReady() ? this.queue.take() : undefined;
    if (batch === undefined) return;
    this.isWriting = true;
    this.liveMs = liveDelayMs(this.options.liveMs, batch);
    const startedMs = performance.now();
    const result = await this.sink.write(batch);
    this.isWriting = false;
    // If it was closed meanwhile, `close` has counted the batch.
    if (!this.isClosed) this.settle(batch, result, performance.now() - startedMs);
  }

  private settle(batch: Batch, { stored, unpublished, error }: WriteResult, tookMs: number): void {
    const { flushes } = this.counts;
    flushes.count += 1;
    flushes.lastMs = tookMs;
    flushes.maxMs = Math.max(flushes.maxMs, tookMs);
    this.counts.published += batch.frames.length - unpublished.length;
    batch.frames = unpublished;
    this.counts.written += this.queue.settle(stored);
    this.waiters.settle();
    if (stored < batch.blocks.length) {
      flushes.failed += 1;
      this.failures += 1;
      this.warn('write_failed', 'Redis did not take the events; they are kept and tried again', { error });
      this.startTimer(backOffMs(this.failures, RETRY));
      return;
    }
    this.failures = 0;
    if (unpublished.length > 0) {
      this.counts.unpublished += unpublished.length;
      this.warn('publish_failed', 'Redis did not publish live events; history has them', { error });
    }
    if (this.queue.hasWaiting) {
      this.stayAlive.renew();
      this.schedule(this.waiters.size > 0 ? 0 : this.queue.hasLive ? this.liveMs : this.options.idleMs);
    } else this.stayAlive.end();
  }
}
