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
