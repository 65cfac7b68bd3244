import type { MonitoringChange, RedisKeys } from '@flow-tracking/protocol';
import type { Cluster, Redis } from 'ioredis';
import type { Warn } from '../record/logger';

/** The monitored users, in memory. It is asked for every event, so that is a Map lookup, or none while nobody is monitored. */
export class MonitoringSet {
  private readonly expiryMs = new Map<string, number>();
  /** The set has been read since the start. */
  loaded = false;

  /**
   * @param onGranted called when a user's grant begins
   * @param wallMs epoch ms
   */
  constructor(
    private readonly onGranted: (userId: string) => void = () => undefined,
    private readonly wallMs: () => number = Date.now,
  ) {}

  /** True until the grant expires, even if Redis is away. */
  has(userId: string): boolean {
    if (this.expiryMs.size === 0) return false;
    const expiry = this.expiryMs.get(userId);
    return expiry !== undefined && expiry > this.wallMs();
  }

  /** False only when it is certain that nobody is monitored. It is true before the first load. */
  mayHaveAny(): boolean {
    return !this.loaded || this.expiryMs.size > 0;
  }

  /** @param expiresMs epoch ms; null: the grant is withdrawn */
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
    this.loaded = true;
  }

  get size(): number {
    return this.expiryMs.size;
  }
}

/** A message can be lost with its connection, so the whole set is read again at this interval. */
const REREAD_MS = 30_000;
const RETRY_MS = 1000;

/** Reads members and scores: a flat list in RESP2, pairs in RESP3. */
function readGrants(reply: readonly unknown[]): [string, number][] {
  const flat = reply.flat() as (string | number)[];
  const grants: [string, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) grants.push([String(flat[i]), Number(flat[i + 1])]);
  return grants;
}

function parseChange(message: string): MonitoringChange | undefined {
  try {
    const { user_id: userId, expires_ts: expiresTs } = (JSON.parse(message) ?? {}) as Partial<MonitoringChange>;
    if (userId === null) return { user_id: null, expires_ts: null };
    if (typeof userId !== 'string') return undefined;
    if (expiresTs !== null && !Number.isFinite(expiresTs)) return undefined;
    return { user_id: userId, expires_ts: expiresTs ?? null };
  } catch {
    return undefined;
  }
}

/** Keeps a {@link MonitoringSet} equal to Redis: reads it at the start and at intervals, and hears of changes by Pub/Sub. */
export class MonitoringSync {
  private isClosed = false;
  private timer: NodeJS.Timeout | undefined;
  private subscriber: Redis | undefined;
  private isReading = false;
  private isStale = false;
  /** Changes that came while the set was read, because the answer may be older. */
  private changesMeanwhile: MonitoringChange[] = [];

  constructor(
    private readonly writer: Redis | Cluster,
    private readonly keys: RedisKeys,
    private readonly monitoring: MonitoringSet,
    private readonly warn: Warn,
  ) {
    writer.on('ready', () => void this.read());
  }

  /** Listens on this connection from now on. An earlier one has ended. */
  listen(subscriber: Redis): void {
    this.subscriber = subscriber;
    // Subscribes first and reads then, so that no change is missed between the two.
    subscriber.on('ready', () => void this.subscribe(subscriber));
    subscriber.on('message', (_channel, message: string) => this.change(message));
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private async subscribe(subscriber: Redis): Promise<void> {
    try {
      await subscriber.subscribe(this.keys.monitoringChanged);
    } catch (error) {
      this.warn('subscribe_failed', 'Changes of monitoring are not heard; the set is read every 30 s', { error });
    }
    await this.read();
  }

  private change(message: string): void {
    const change = parseChange(message);
    if (change === undefined) {
      this.warn('bad_monitoring_change', 'A message about monitoring was not understood', { message });
    } else if (change.user_id === null) void this.read();
    else {
      if (this.isReading) this.changesMeanwhile.push(change);
      this.monitoring.set(change.user_id, change.expires_ts);
    }
  }

  private async read(): Promise<void> {
    if (this.isClosed) return;
    if (this.isReading) {
      this.isStale = true;
      return;
    }
    this.isReading = true;
    clearTimeout(this.timer);
    let nextMs = REREAD_MS;
    try {
      const reply = await this.writer.zrange(this.keys.monitoring, Date.now(), '+inf', 'BYSCORE', 'WITHSCORES');
      this.monitoring.replace(readGrants(reply));
      for (const { user_id: userId, expires_ts: expiresTs } of this.changesMeanwhile) {
        if (userId !== null) this.monitoring.set(userId, expiresTs);
      }
    } catch (error) {
      // Redis is away or hangs. What is known stays valid until it expires.
      if (this.writer.status === 'ready') {
        this.warn('monitoring_unread', 'The monitored users could not be read', { error });
      }
      nextMs = RETRY_MS;
    }
    this.changesMeanwhile = [];
    this.isReading = false;
    this.readAgainIn(this.isStale ? 0 : nextMs);
    this.isStale = false;
  }

  private readAgainIn(delayMs: number): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => void this.read(), delayMs).unref();
    // A subscriber does not notice that its Redis hangs. An unanswered ping drops the connection.
    if (this.subscriber?.status === 'ready') this.subscriber.ping().catch(() => undefined);
  }
}
