import type { MonitoringChange, RedisKeys } from '@flow-tracking/protocol';
import type { Cluster, Redis } from 'ioredis';
import type { Warn } from '../record/logger';

/** Who is monitored, from memory: asked for every event, so it is a Map lookup, and no lookup while nobody is. */
export class MonitoringSet {
  private readonly expiryMs = new Map<string, number>();
  private isLoaded = false;

  /**
   * @param onGranted called when a user's grant begins
   * @param wallMs epoch ms
   */
  constructor(
    private readonly onGranted: (userId: string) => void = () => undefined,
    private readonly wallMs: () => number = Date.now,
  ) {}

  /** True until the grant's expiry, whatever has become of Redis. */
  has(userId: string): boolean {
    if (this.expiryMs.size === 0) return false;
    const expiry = this.expiryMs.get(userId);
    return expiry !== undefined && expiry > this.wallMs();
  }

  /** False only when it is sure that nobody is monitored: true before the first load. */
  mayHaveAny(): boolean {
    return !this.isLoaded || this.expiryMs.size > 0;
  }

  /** @param expiresMs epoch ms; null: the grant is taken away */
  set(userId: string, expiresMs: number | null): void {
    if (expiresMs === null || !(expiresMs > this.wallMs())) {
      this.expiryMs.delete(userId);
      return;
    }
    const isNew = !this.has(userId);
    this.expiryMs.set(userId, expiresMs);
    if (isNew) this.onGranted(userId);
  }

  replace(grants: Iterable<readonly [userId: string, expiresMs: number]>): void {
    const now = new Map(grants);
    for (const userId of this.expiryMs.keys()) if (!now.has(userId)) this.expiryMs.delete(userId);
    for (const [userId, expiresMs] of now) this.set(userId, expiresMs);
    this.isLoaded = true;
  }

  get size(): number {
    return this.expiryMs.size;
  }

  get loaded(): boolean {
    return this.isLoaded;
  }
}

/** A message can be lost with its connection, so the whole set is read again this often. */
const REREAD_MS = 30_000;
const RETRY_MS = 1000;

export interface MonitoringSyncOptions {
  readonly writer: Redis | Cluster;
  readonly keys: RedisKeys;
  readonly monitoring: MonitoringSet;
  readonly warn: Warn;
  /** @default 30 s */
  readonly rereadMs?: number;
}

/** Members and scores: a flat list in RESP2, pairs in RESP3. */
function readGrants(reply: readonly unknown[]): [string, number][] {
  const flat = reply.flat() as (string | number)[];
  const grants: [string, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) grants.push([String(flat[i]), Number(flat[i + 1])]);
  return grants;
}

function parseChange(message: string): MonitoringChange | undefined {
  try {
    const change = JSON.parse(message) as Partial<MonitoringChange> | null;
    if (typeof change !== 'object' || change === null) return undefined;
    const { user_id: userId, expires_ts: expiresTs } = change;
    if (userId === null) return { user_id: null, expires_ts: null };
    if (typeof userId !== 'string') return undefined;
    if (expiresTs !== null && !Number.isFinite(expiresTs)) return undefined;
    return { user_id: userId, expires_ts: expiresTs ?? null };
  } catch {
    return undefined;
  }
}

/** Keeps a {@link MonitoringSet} as Redis has it: read at the start and again and again, changed by Pub/Sub. */
export class MonitoringSync {
  private readonly abort = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private subscriber: Redis | undefined;
  private isReading = false;
  private isStale = false;
  /** Changes that came while the set was read; the answer may be older than they are. */
  private changesMeanwhile: MonitoringChange[] = [];

  constructor(private readonly options: MonitoringSyncOptions) {}

  start(): void {
    this.options.writer.on('ready', () => void this.read());
  }

  /** Listens on this connection from now on, in place of an earlier one that has ended. */
  listen(subscriber: Redis): void {
    const { monitoringChanged } = this.options.keys;
    this.subscriber = subscriber;
    // Subscribed before it is read, so that no change falls between the two.
    subscriber.on('ready', () => void this.subscribe(subscriber));
    subscriber.on('message', (channel: string, message: string) => {
      if (channel === monitoringChanged) this.change(message);
    });
  }

  close(): void {
    this.abort.abort();
    clearTimeout(this.timer);
  }

  private async subscribe(subscriber: Redis): Promise<void> {
    try {
      await subscriber.subscribe(this.options.keys.monitoringChanged);
    } catch (error) {
      this.options.warn('subscribe_failed', 'Changes of monitoring are not heard; the set is read every 30 s', {
        error: error as Error,
      });
    }
    await this.read();
  }

  private change(message: string): void {
    const change = parseChange(message);
    if (change === undefined) {
      this.options.warn('bad_monitoring_change', 'A message about monitoring was not understood', { message });
    } else if (change.user_id === null) void this.read();
    else {
      if (this.isReading) this.changesMeanwhile.push(change);
      this.options.monitoring.set(change.user_id, change.expires_ts);
    }
  }

  private async read(): Promise<void> {
    if (this.abort.signal.aborted) return;
    if (this.isReading) {
      this.isStale = true;
      return;
    }
    this.isReading = true;
    clearTimeout(this.timer);
    let nextMs = this.options.rereadMs ?? REREAD_MS;
    try {
      const { writer, keys, monitoring } = this.options;
      const reply = await writer.zrange(keys.monitoring, Date.now(), '+inf', 'BYSCORE', 'WITHSCORES');
      monitoring.replace(readGrants(reply));
      for (const change of this.changesMeanwhile) {
        if (change.user_id !== null) monitoring.set(change.user_id, change.expires_ts);
      }
    } catch (error) {
      // Away, or hung: what is known stays valid until it expires.
      if (this.options.writer.status === 'ready') {
        this.options.warn('monitoring_unread', 'The monitored users could not be read', { error: error as Error });
      }
      nextMs = RETRY_MS;
    }
    this.changesMeanwhile = [];
    this.isReading = false;
    if (this.isStale) {
      this.isStale = false;
      nextMs = 0;
    }
    this.readAgainIn(nextMs);
  }

  private readAgainIn(delayMs: number): void {
    if (this.abort.signal.aborted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.read(), delayMs);
    this.timer.unref();
    // A subscriber whose Redis hangs hears nothing and notices nothing; a ping that is not answered drops it.
    const { subscriber } = this;
    if (subscriber?.status === 'ready') subscriber.ping().catch(() => undefined);
  }
}
