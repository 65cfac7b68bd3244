import type { Warn } from './logger';

/** What goes to Redis in one round trip. */
export interface Batch {
  /** Events for the stream, each as JSON text. */
  readonly events: string[];
  /** Events for the viewers of each monitored user. */
  live: Map<string, string[]>;
  /** Characters of all of it. */
  readonly size: number;
}

/** What became of a batch. */
export interface WriteResult {
  /** The stream has its events. False: write the batch again. */
  readonly stored: boolean;
  /** Live frames that Redis took. */
  readonly published: number;
  /** What was not published; worth another try only while the stream needs one, too. */
  readonly unpublished: Map<string, string[]>;
  readonly error?: Error | undefined;
}

export type DropReason = 'queue_full' | 'closed';

export interface RecorderOptions {
  /** Ms that an event of a monitored user waits at most before it is sent. */
  readonly liveMs: number;
  /** Ms that other events wait. */
  readonly idleMs: number;
  /** Characters that send the queue at once, and that one batch takes about. */
  readonly batchSize: number;
  /** Events that are held in memory at most. */
  readonly maxEvents: number;
  /** Characters of events that are held in memory at most. */
  readonly maxSize: number;
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
  queued: { events: number; characters: number };
  /** Batches sent, and sent again. */
  flushes: { count: number; failed: number; lastMs: number; maxMs: number };
}

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 2000;

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
  private events: string[] = [];
  private live = new Map<string, string[]>();
  private queuedSize = 0;
  private current: Batch | undefined;
  private timer: NodeJS.Timeout | undefined;
  private timerDelayMs = 0;
  private isWriting = false;
  private failures = 0;
  private isClosed = false;
  private readonly waiting = new Set<{ target: number; resolve: () => void }>();
  private readonly counts: Omit<RecorderStats, 'queued'> = {
    recorded: 0,
    written: 0,
    published: 0,
    unpublished: 0,
    dropped: { queue_full: 0, closed: 0 },
    flushes: { count: 0, failed: 0, lastMs: 0, maxMs: 0 },
  };

  /** @param write never rejects */
  constructor(
    private readonly options: RecorderOptions,
    private readonly write: (batch: Batch) => Promise<WriteResult>,
    private readonly warn: Warn,
  ) {}

  /** @param liveUser the flow's user when monitored: the event is also published, and soon */
  record(event: string, liveUser: string | undefined): void {
    if (!this.hasRoom(event.length)) return;
    this.counts.recorded += 1;
    this.queuedSize += event.length;
    this.events.push(event);
    if (liveUser !== undefined) this.addLive(liveUser, event);
    this.schedule(liveUser === undefined ? this.options.idleMs : this.options.liveMs);
  }

  /** Publishes events that are recorded already, ahead of the user's next ones. */
  publishEarlier(liveUser: string, events: readonly string[]): void {
    const size = events.reduce((sum, event) => sum + event.length, 0);
    if (this.isClosed || this.queuedSize + size > this.options.maxSize) {
      this.counts.unpublished += 1;
      return;
    }
    this.queuedSize += size;
    for (const event of events) this.addLive(liveUser, event);
    this.schedule(this.options.liveMs);
  }

  /**
   * Resolves when everything recorded so far is written, or after `timeoutMs`.
   *
   * @returns whether all was written in time
   */
  async flush(timeoutMs: number): Promise<boolean> {
    const target = this.counts.recorded;
    if (this.isSettled(target)) return true;
    let waiter: { target: number; resolve: () => void } | undefined;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      waiter = { target, resolve };
      this.waiting.add(waiter);
      timer = setTimeout(resolve, timeoutMs);
      this.schedule(0);
    });
    clearTimeout(timer);
    if (waiter !== undefined) this.waiting.delete(waiter);
    return this.isSettled(target);
  }

  /** Flushes, then takes no more. What could not be written by then is dropped and counted. */
  async close(timeoutMs: number): Promise<void> {
    if (this.isClosed) return;
    await this.flush(timeoutMs);
    this.isClosed = true;
    clearTimeout(this.timer);
    this.drop('closed', this.events.length + (this.current?.events.length ?? 0));
    this.events = [];
    this.live.clear();
    this.current = undefined;
    this.queuedSize = 0;
  }

  stats(): RecorderStats {
    const { dropped, flushes, ...counts } = this.counts;
    return {
      ...counts,
      dropped: { ...dropped },
      flushes: { ...flushes },
      queued: { events: this.queuedEvents(), characters: this.queuedSize },
    };
  }

  private queuedEvents(): number {
    return this.events.length + (this.current?.events.length ?? 0);
  }

  private hasRoom(size: number): boolean {
    if (this.isClosed) {
      this.drop('closed', 1);
      return false;
    }
    if (this.queuedEvents() >= this.options.maxEvents || this.queuedSize + size > this.options.maxSize) {
      this.drop('queue_full', 1);
      return false;
    }
    return true;
  }

  private drop(reason: DropReason, count: number): void {
    if (count === 0) return;
    this.counts.dropped[reason] += count;
    this.warn(`events_dropped_${reason}`, `Events dropped (${reason}): ${this.counts.dropped[reason]} in all`);
  }

  private addLive(user: string, event: string): void {
    const events = this.live.get(user);
    if (events === undefined) this.live.set(user, [event]);
    else events.push(event);
  }

  /** Sees to it that a write begins within `delayMs`. While a failed batch waits, its own, longer delay stands. */
  private schedule(delayMs: number): void {
    if (this.isWriting || this.failures > 0) return;
    const withinMs = this.queuedSize >= this.options.batchSize ? 0 : delayMs;
    // A timer that began with the same delay or less is due sooner, so no clock has to be read here.
    if (this.timer !== undefined && this.timerDelayMs <= withinMs) return;
    this.startTimer(withinMs);
  }

  private startTimer(delayMs: number): void {
    clearTimeout(this.timer);
    this.timerDelayMs = delayMs;
    this.timer = setTimeout(this.onTimer, delayMs);
    // The connection keeps the process alive until `close`; a timer must not do so after it.
    this.timer.unref();
  }

  private readonly onTimer = (): void => {
    this.timer = undefined;
    void this.writeNext();
  };

  private async writeNext(): Promise<void> {
    if (this.isWriting || this.isClosed) return;
    const batch = (this.current ??= this.takeBatch());
    if (batch === undefined) return;
    this.isWriting = true;
    const startedMs = performance.now();
    const result = await this.write(batch);
    this.isWriting = false;
    if (this.current !== batch) return; // closed meanwhile, and counted there
    const tookMs = performance.now() - startedMs;
    this.settle(batch, result, tookMs);
  }

  private takeBatch(): Batch | undefined {
    if (this.events.length === 0 && this.live.size === 0) return undefined;
    let size = 0;
    let count = 0;
    while (count < this.events.length && size < this.options.batchSize) size += this.events[count++]?.length ?? 0;
    const isAll = count === this.events.length;
    const batch: Batch = {
      events: isAll ? this.events : this.events.splice(0, count),
      live: this.live,
      size: isAll ? this.queuedSize : size,
    };
    if (isAll) this.events = [];
    this.live = new Map();
    return batch;
  }

  private settle(batch: Batch, result: WriteResult, tookMs: number): void {
    const { flushes } = this.counts;
    flushes.count += 1;
    flushes.lastMs = tookMs;
    flushes.maxMs = Math.max(flushes.maxMs, tookMs);
    this.counts.published += result.published;
    if (!result.stored) {
      flushes.failed += 1;
      this.failures += 1;
      batch.live = result.unpublished;
      this.warn('write_failed', 'Redis did not take the events; they are kept and tried again', {
        error: result.error,
      });
      this.startTimer(retryDelayMs(this.failures));
      return;
    }
    this.failures = 0;
    this.current = undefined;
    this.counts.written += batch.events.length;
    this.queuedSize -= batch.size;
    if (result.unpublished.size > 0) {
      this.counts.unpublished += result.unpublished.size;
      this.warn('publish_failed', 'Redis did not publish live events; history has them', { error: result.error });
    }
    for (const waiter of this.waiting) if (this.isSettled(waiter.target)) waiter.resolve();
    if (this.events.length > 0 || this.live.size > 0) this.schedule(this.nextDelayMs());
  }

  private nextDelayMs(): number {
    if (this.waiting.size > 0) return 0;
    return this.live.size > 0 ? this.options.liveMs : this.options.idleMs;
  }

  private isSettled(target: number): boolean {
    const { written, dropped } = this.counts;
    return written + dropped.closed >= target;
  }
}
