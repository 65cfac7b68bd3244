import type { PendingEvent } from '../encode/event-text';
import type { Batch, DropReason, Frame, RecorderStats, Sink, WriteResult } from './batch';
import { EventQueue, type QueueLimits } from './event-queue';
import type { Warn } from './logger';
import { createStayAlive, retryDelayMs, type StartTimer, type StayAlive } from './time';

export interface RecorderOptions extends QueueLimits {
  /** Ms that an event of a monitored user waits at most before it is sent. */
  readonly liveMs: number;
  /** Ms that other events wait. */
  readonly idleMs: number;
}

/** Somebody who waits until so many events are settled. */
interface Waiter {
  readonly target: number;
  /** Gives up when Redis can't be reached. */
  readonly isClosing: boolean;
  readonly resolve: () => void;
}

const RETRY_MAX_MS = 2000;
/** How long a process that would exit waits for Redis to take what it recorded last, from the write on. */
const STAY_MS = 1000;

/**
 * Holds events until they are written. `record` is synchronous and does no I/O; one batch is under way at a time, which
 * keeps the order and bounds what a slow Redis can pile up. When the queue is full the newest event is dropped and
 * counted. A batch that failed is written again as it is: ids and times are minted, and the bridge inserts idempotently.
 */
export class Recorder {
  private readonly queue: EventQueue;
  private timer: NodeJS.Timeout | undefined;
  private timerDelayMs = 0;
  private isWriting = false;
  private failures = 0;
  private isClosed = false;
  private readonly waiting = new Set<Waiter>();
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
    private readonly textOf: (event: PendingEvent) => string,
  ) {
    this.queue = new EventQueue(options, textOf);
    this.stayAlive = createStayAlive(options.idleMs + STAY_MS, startRootTimer);
  }

  /** The event to fill for {@link recordNext}: one object is used again and again. */
  get next(): PendingEvent {
    return this.queue.next;
  }

  nextText(): string {
    return this.textOf(this.next);
  }

  /**
   * Records {@link next}, which becomes text with others later.
   *
   * @param liveUser the flow's user when monitored: the event is also published, and soon
   */
  recordNext(liveUser: string | undefined): void {
    if (!this.isClosed && this.queue.hasRoomForNext()) {
      this.queue.addNext(liveUser);
      this.added(liveUser);
    } else this.record(this.nextText(), liveUser);
  }

  /** The same of an event that is text, after a comma. */
  record(event: string, liveUser: string | undefined): void {
    if (this.isClosed) this.drop('closed', 1);
    else if (!this.queue.hasRoom(event)) this.drop('queue_full', 1);
    else {
      this.queue.add(event, liveUser);
      this.added(liveUser);
    }
  }

  /** Publishes events that are recorded already, ahead of the user's next ones. */
  publishEarlier(liveUser: string, events: readonly string[]): void {
    if (this.isClosed || !this.queue.addEarlier(events, liveUser)) this.counts.unpublished += 1;
    else this.schedule(this.options.liveMs);
  }

  /** The sink is ready: what waited for it is written now. */
  resume(): void {
    if (!this.queue.hasWaiting && this.failures === 0) return;
    this.stayAlive.renew();
    this.startTimer(0);
  }

  /** An attempt to connect has failed: neither the process nor {@link close} waits for the next one. */
  unreachable(): void {
    this.stayAlive.giveUp();
    for (const waiter of this.waiting) if (waiter.isClosing) waiter.resolve();
  }

  /**
   * Resolves when everything recorded so far is written, or after `timeoutMs`, or when the recorder is closed.
   *
   * @param isClosing also when Redis can't be reached
   * @returns whether all was written in time
   */
  async flush(timeoutMs: number, isClosing = false): Promise<boolean> {
    const target = this.counts.recorded;
    if (this.isSettled(target)) return true;
    await new Promise<void>((resolve) => {
      const { waiting } = this;
      const end = (): void => {
        clearTimeout(timer);
        waiting.delete(waiter);
        resolve();
      };
      const waiter: Waiter = { target, isClosing, resolve: end };
      const timer = setTimeout(end, timeoutMs);
      waiting.add(waiter);
      this.schedule(0);
    });
    return this.isSettled(target);
  }

  /**
   * Flushes, then takes no more. What could not be written by then, or when an attempt to connect has failed, is dropped
   * and counted.
   */
  async close(timeoutMs: number): Promise<void> {
    if (this.isClosed) return;
    await this.flush(timeoutMs, true);
    this.isClosed = true;
    clearTimeout(this.timer);
    this.stayAlive.end();
    this.drop('closed', this.queue.events);
    this.queue.clear();
    for (const waiter of this.waiting) waiter.resolve();
  }

  stats(): RecorderStats {
    const { dropped, flushes, ...counts } = this.counts;
    return {
      ...counts,
      dropped: { ...dropped },
      flushes: { ...flushes },
      queued: { events: this.queue.events, bytes: this.queue.bytes },
    };
  }

  private added(liveUser: string | undefined): void {
    this.counts.recorded += 1;
    this.schedule(liveUser === undefined ? this.options.idleMs : this.options.liveMs);
  }

  private drop(reason: DropReason, count: number): void {
    if (count === 0) return;
    this.counts.dropped[reason] += count;
    this.warn(`events_dropped_${reason}`, `Events dropped (${reason}): ${this.counts.dropped[reason]} in all`);
  }

  /** Sees to it that a write begins within `delayMs`. While a failed batch waits, its own, longer delay stands. */
  private schedule(delayMs: number): void {
    if (this.isWriting || this.failures > 0) return;
    const withinMs = this.queue.hasFullBatch ? 0 : delayMs;
    // A timer that began with the same delay or less is due sooner, so no clock has to be read here.
    if (this.timer !== undefined && this.timerDelayMs <= withinMs) return;
    this.startTimer(withinMs);
  }

  private startTimer(delayMs: number): void {
    clearTimeout(this.timer);
    this.stayAlive.begin();
    this.timerDelayMs = delayMs;
    this.timer = this.startRootTimer(this.onTimer, delayMs);
  }

  private readonly onTimer = (): void => {
    this.timer = undefined;
    void this.writeNext();
  };

  private async writeNext(): Promise<void> {
    if (this.isWriting || this.isClosed) return;
    // What an application passed is held no longer than that.
    this.queue.encode();
    // It is waited for: it calls `resume`.
    if (!this.sink.isReady()) return;
    const batch = this.queue.take();
    if (batch === undefined) return;
    this.isWriting = true;
    const startedMs = performance.now();
    const result = await this.sink.write(batch);
    this.isWriting = false;
    // Closed meanwhile, and counted there.
    if (!this.isClosed) this.settle(batch, result, performance.now() - startedMs);
  }

  private settle(batch: Batch, result: WriteResult, tookMs: number): void {
    const { flushes } = this.counts;
    flushes.count += 1;
    flushes.lastMs = tookMs;
    flushes.maxMs = Math.max(flushes.maxMs, tookMs);
    this.counts.published += batch.frames.length - result.unpublished.length;
    batch.frames = result.unpublished;
    this.counts.written += this.queue.settle(result.stored);
    for (const waiter of this.waiting) if (this.isSettled(waiter.target)) waiter.resolve();
    if (result.stored < batch.blocks.length) {
      flushes.failed += 1;
      this.failures += 1;
      const { error } = result;
      this.warn('write_failed', 'Redis did not take the events; they are kept and tried again', { error });
      this.startTimer(retryDelayMs(this.failures, RETRY_MAX_MS));
      return;
    }
    this.failures = 0;
    this.giveUp(batch.frames, result.error);
    if (this.queue.hasWaiting) {
      this.stayAlive.renew();
      this.schedule(this.nextDelayMs());
    } else this.stayAlive.end();
  }

  private giveUp(frames: readonly Frame[], error: Error | undefined): void {
    if (frames.length === 0) return;
    this.counts.unpublished += frames.length;
    this.warn('publish_failed', 'Redis did not publish live events; history has them', { error });
  }

  private nextDelayMs(): number {
    if (this.waiting.size > 0) return 0;
    return this.queue.hasLive ? this.options.liveMs : this.options.idleMs;
  }

  private isSettled(target: number): boolean {
    const { written, dropped } = this.counts;
    return written + dropped.closed >= target;
  }
}
