import { EventQueue, type Batch, type QueueLimits } from './event-queue';
import type { Frame } from './live-events';
import type { Warn } from './logger';
import { createStayAlive, type StartTimer, type StayAlive } from './timers';

/** What became of a batch. */
export interface WriteResult {
  /** Blocks that the stream has, from the first on. Fewer than all: write the rest again. */
  readonly stored: number;
  /** Frames that were not published; worth another try only while the stream needs one, too. */
  readonly unpublished: readonly Frame[];
  readonly error?: Error | undefined;
}

/** Where batches go. */
export interface Sink {
  /** False: nothing can be written now; {@link Recorder.resume} is called when that changes. */
  isReady(): boolean;
  /** Never rejects. */
  write(batch: Batch): Promise<WriteResult>;
}

export type DropReason = 'queue_full' | 'closed';

export interface RecorderOptions extends QueueLimits {
  /** Ms that an event of a monitored user waits at most before it is sent. */
  readonly liveMs: number;
  /** Ms that other events wait. */
  readonly idleMs: number;
}

export interface RecorderStats {
  /** Events taken from the application. */
  recorded: number;
  /** Events that the stream has. */
  written: number;
  /** Live frames that Redis took. */
  published: number;
  /** Live frames that were given up; history has their events. */
  unpublished: number;
  dropped: Record<DropReason, number>;
  /** Held in memory now, including what is on its way. */
  queued: { events: number; bytes: number };
  /** Batches sent, and sent again. */
  flushes: { count: number; failed: number; lastMs: number; maxMs: number };
}

/** Somebody who waits until so many events are settled. */
interface Waiter {
  readonly target: number;
  /** Gives up when Redis can't be reached. */
  readonly isClosing: boolean;
  readonly resolve: () => void;
}

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 2000;
/** How long a process that would exit waits for Redis to take what it recorded last, from the write on. */
const STAY_MS = 1000;

/** Doubles with each failure, and lies between a half and the whole of that, so that many processes spread. */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const cap = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(failures - 1, 10));
  return cap * (0.5 + random() / 2);
}

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
  ) {
    this.queue = new EventQueue(options);
    this.stayAlive = createStayAlive(options.idleMs + STAY_MS, startRootTimer);
  }

  /** @param liveUser the flow's user when monitored: the event is also published, and soon */
  record(event: string, liveUser: string | undefined): void {
    if (this.isClosed) {
      this.drop('closed', 1);
    } else if (!this.queue.hasRoom(event)) {
      this.drop('queue_full', 1);
    } else {
      this.counts.recorded += 1;
      this.queue.add(event, liveUser);
      this.schedule(liveUser === undefined ? this.options.idleMs : this.options.liveMs);
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
   * @returns whether all was written in time
   */
  flush(timeoutMs: number): Promise<boolean> {
    return this.untilWritten(timeoutMs, false);
  }

  private async untilWritten(timeoutMs: number, isClosing: boolean): Promise<boolean> {
    const target = this.counts.recorded;
    if (this.isSettled(target)) return true;
    let waiter: Waiter | undefined;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      waiter = { target, isClosing, resolve };
      this.waiting.add(waiter);
      timer = setTimeout(resolve, timeoutMs);
      this.schedule(0);
    });
    clearTimeout(timer);
    if (waiter !== undefined) this.waiting.delete(waiter);
    return this.isSettled(target);
  }

  /**
   * Flushes, then takes no more. What could not be written by then, or when an attempt to connect has failed, is dropped
   * and counted.
   */
  async close(timeoutMs: number): Promise<void> {
    if (this.isClosed) return;
    await this.untilWritten(timeoutMs, true);
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
    // A sink that is not ready is waited for: it calls `resume`.
    if (this.isWriting || this.isClosed || !this.sink.isReady()) return;
    const batch = this.queue.next();
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
      this.startTimer(retryDelayMs(this.failures));
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
