import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { startHost, type Host, type HostEnd, type HostReport, type HostWarning } from '../../test/support/host';
import { startLoad } from '../../test/support/http-load';
import { freePort } from '../../test/support/free-port';
import { times } from '../../test/support/length';
import { startTestRedis } from '../../test/support/redis-server';
import { startResettingProxy } from '../../test/support/resetting-proxy';
import { auditStream } from '../../test/support/stream-audit';
import { waitFor } from '../../test/support/wait-for';
import type { FlowTrackingStats } from './index';

/** Requests per fault. The promise is shown with 100,000; each run of the suite shows it with fewer. */
const REQUESTS = Number(process.env['FLOW_FAULT_REQUESTS'] ?? times({ short: 3_000, full: 10_000 }));
/** Start, identification, six checkpoints and end. */
const EVENTS_PER_REQUEST = 9;
/** How long the middleware holds a request. Of few requests, those that meet cold code are more than one in a hundred. */
const P99_MS = times({ short: 20, full: 1 });
const QUEUE_BYTES = 8 * 1024 * 1024;
const prefix = 'host';
const keys = redisKeys(prefix);

jest.setTimeout(60_000 + REQUESTS * 3);

let cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  cleanups = [];
});

async function redisOfItsOwn(settings: Readonly<Record<string, string>> = {}) {
  const server = await startTestRedis({
    'maxmemory-policy': 'noeviction',
    // By the second, Redis answers before it writes while the disk is busy, and loses that when it is killed.
    appendfsync: 'always',
    ...settings,
  });
  cleanups.push(() => server.remove());
  const client = new Redis(server.url, { maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  cleanups.push(async () => client.disconnect());
  await client.zadd(keys.monitoring, Date.now() + 3_600_000, 'viewed');
  return { server, client };
}

/** A host that knows its monitored users, if it can. */
async function hostOfItsOwn(url: string, redis?: Redis): Promise<Host> {
  const host = await startHost(url, prefix);
  cleanups.push(() => host.kill());
  if (redis !== undefined)
    await waitFor('monitoring is loaded', async () => (await host.stats()).monitoring.users === 1);
  return host;
}

/** Half of the requests are a monitored user's. All must be answered with 200, and soon. */
async function serve(host: Host, requests: number, atHalf: () => Promise<unknown> = async () => undefined) {
  const load = startLoad({ port: host.port, paths: ['/ask/viewed', '/ask/other'], requests });
  await load.answered(requests / 2);
  await atHalf();
  const { ok, other, tookMs, longestPauseMs } = await load.done;
  expect({ ok, other }).toEqual({ ok: requests, other: 0 });
  expect(longestPauseMs).toBeLessThan(1000);
  return tookMs;
}

/** Once a minute and code at most, and without what the events say. */
function expectQuiet(warnings: readonly HostWarning[]): void {
  const last = new Map<string, number>();
  for (const warning of warnings) {
    const { code, atMs } = warning;
    expect(JSON.stringify(warning)).not.toContain('usage_check');
    // A few ms less: its clock is not the one that the intervals are measured by.
    expect(atMs - (last.get(code) ?? -60_000)).toBeGreaterThan(59_900);
    last.set(code, atMs);
  }
}

/** A run that is to show the promise prints what it measured. */
function tell({ requests, stats, worst, p99Ms, memoryMb }: HostReport, more: string): void {
  if (process.env['FLOW_FAULT_REQUESTS'] === undefined) return;
  const { written, dropped, flushes } = stats;
  process.stderr.write(
    `${expect.getState().currentTestName ?? ''}: ${requests} requests, ${more}; ${written} events written, ` +
      `${dropped.queue_full} dropped, ${flushes.failed} of ${flushes.count} writes failed; at most ` +
      `${worst.queuedBytes} bytes queued and ${worst.rssMb.toFixed()} MiB resident, ${memoryMb.toFixed(1)} MiB ` +
      `alive at the end; p99 ${p99Ms.toFixed(3)} ms; ${worst.samples} samples\n`,
  );
}

/** What holds at any time, whatever is the matter with Redis. */
function expectKept({ worst, p99Ms, stats, requests, warnings }: HostReport): void {
  expect(worst.samples).toBeGreaterThan(requests / 50);
  expect(worst.unbalanced).toBe(0);
  expect(worst.queuedBytes).toBeLessThanOrEqual(QUEUE_BYTES);
  expect(worst.rssMb).toBeLessThan(512);
  expect(p99Ms).toBeLessThan(P99_MS);
  expect(stats.misused).toEqual({ ended_twice: 0, invalid_id: 0, invalid_status: 0, invalid_time: 0, internal: 0 });
  // Each event is in one count, so that nothing is dropped without being told.
  expect(stats.recorded + stats.dropped.queue_full).toBe(requests * EVENTS_PER_REQUEST);
  expect(warnings.some(({ code }) => code === 'events_dropped_queue_full')).toBe(stats.dropped.queue_full > 0);
  expectQuiet(warnings);
}

function expectEnded({ exit, exitMs, closeMs, stats, warnings }: HostEnd): void {
  expect(exit).toBe(0);
  expect(closeMs).toBeLessThan(5100);
  expect(exitMs).toBeLessThan(6000);
  expect(stats.recorded).toBe(stats.written + stats.dropped.closed);
  expect(stats.queued).toEqual({ events: 0, bytes: 0 });
  expect(warnings.some(({ code }) => code === 'events_dropped_closed')).toBe(stats.dropped.closed > 0);
  expectQuiet(warnings);
}

/** How a fault is made and taken away, both in the middle of a load. */
interface Fault {
  begin(): Promise<unknown>;
  /** Whether the fault has had its effect. */
  isFelt(stats: FlowTrackingStats): boolean;
  end(): Promise<unknown>;
}

/** Serves half of the requests until the fault is felt, and half with its end; then all that was taken is in Redis. */
async function serveThrough(fault: Fault, host: Host, redis: Redis) {
  await serve(host, Math.ceil(REQUESTS / 100));
  const before = await host.report();
  const half = Math.ceil(REQUESTS / 2);
  let tookMs = await serve(host, half, () => fault.begin());
  const isFelt = async (): Promise<boolean> => fault.isFelt(await host.stats());
  // On a busy machine half of the load may not be enough.
  const serveMore = async (): Promise<void> => void (tookMs += await serve(host, Math.ceil(REQUESTS / 20)));
  await waitFor('the fault is felt', async () => (await isFelt()) || (await serveMore(), isFelt()), 30_000);
  const during = await host.report();
  tookMs += await serve(host, half, () => fault.end());
  const healedMs = performance.now();
  await waitFor('all is written', async () => (await host.stats()).queued.events === 0);
  const recoveredMs = performance.now() - healedMs;
  const after = await host.report();
  const { stats } = after;
  const audit = await auditStream(redis, keys.stream(0));
  tell(
    after,
    `${Math.round(tookMs)} ms of load, all written after ${Math.round(recoveredMs)} ms, ${audit.repeated} repeated`,
  );
  for (const report of [during, after]) {
    expectKept(report);
    expect(report.memoryMb - before.memoryMb).toBeLessThan(64);
  }
  expect(stats.written).toBe(stats.recorded);
  expect(stats.published).toBeGreaterThan(0);
  expect(audit).toMatchObject({ events: stats.recorded, misplaced: 0 });
  if (stats.dropped.queue_full === 0) expect(audit.flows).toBe(after.requests);
  return { during, after, audit };
}

describe('the host of a Redis', () => {
  it('that is healthy', async () => {
    const { server, client } = await redisOfItsOwn();
    const host = await hostOfItsOwn(server.url, client);
    const nothing = { begin: async () => undefined, isFelt: () => true, end: async () => undefined };
    const { after, audit } = await serveThrough(nothing, host, client);
    expect(after.stats).toMatchObject({ dropped: { queue_full: 0 }, flushes: { failed: 0 }, unpublished: 0 });
    expect(after.warnings).toEqual([]);
    expect(audit.repeated).toBe(0);
    expectEnded(await host.stop());
  });

  it('that is not there', async () => {
    const host = await hostOfItsOwn(`redis://127.0.0.1:${await freePort()}`);
    const before = await host.report();
    const tookMs = await serve(host, REQUESTS);
    const after = await host.report();
    tell(after, `${Math.round(tookMs)} ms of load`);
    expectKept(after);
    expect(after.memoryMb - before.memoryMb).toBeLessThan(64);
    expect(after.stats).toMatchObject({ connected: false, written: 0 });
    const end = await host.stop();
    expectEnded(end);
    expect(end.stats.dropped.closed).toBe(after.stats.queued.events);
  });

  it('that hangs, and later again while the host shuts down', async () => {
    const { server, client } = await redisOfItsOwn();
    const host = await hostOfItsOwn(server.url, client);
    const fault: Fault = {
      begin: () => server.signal('SIGSTOP'),
      isFelt: ({ connected, flushes }) => !connected && flushes.failed > 0,
      end: () => server.signal('SIGCONT'),
    };
    await serveThrough(fault, host, client);
    await server.signal('SIGSTOP');
    await serve(host, 100);
    const end = await host.stop();
    expectEnded(end);
    expect(end.stats.dropped.closed).toBe(100 * EVENTS_PER_REQUEST);
  });

  it('that is killed and started again and again', async () => {
    const { server, client } = await redisOfItsOwn();
    const host = await hostOfItsOwn(server.url, client);
    const restart = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        await server.signal('SIGKILL');
        await waitFor('the host has noticed', async () => !(await host.stats()).connected);
        await server.start();
        await waitFor('the host has found it again', async () => (await host.stats()).connected);
      }
    };
    const fault: Fault = {
      begin: () => restart(3),
      // Noticed above; whether a write was under way is chance.
      isFelt: () => true,
      end: () => restart(2),
    };
    await serveThrough(fault, host, client);
    expectEnded(await host.stop());
  });

  it('that is out of memory', async () => {
    const { server, client } = await redisOfItsOwn({ maxmemory: '4mb' });
    const host = await hostOfItsOwn(server.url, client);
    const fault: Fault = {
      begin: async () => undefined,
      isFelt: ({ connected, flushes }) => connected && flushes.failed > 0,
      end: () => client.config('SET', 'maxmemory', '0'),
    };
    const { during, audit } = await serveThrough(fault, host, client);
    expect(during.warnings).toContainEqual(
      expect.objectContaining({ code: 'write_failed', error: expect.objectContaining({ type: 'ReplyError' }) }),
    );
    expect(audit.repeated).toBe(0);
    expectEnded(await host.stop());
  });

  it('that became a read-only replica', async () => {
    const { server, client } = await redisOfItsOwn();
    const host = await hostOfItsOwn(server.url, client);
    const nowhere = await freePort();
    const fault: Fault = {
      begin: () => client.replicaof('127.0.0.1', nowhere),
      isFelt: ({ flushes }) => flushes.failed > 0,
      end: () => client.replicaof('NO', 'ONE'),
    };
    const { audit } = await serveThrough(fault, host, client);
    expect(audit.repeated).toBe(0);
    expectEnded(await host.stop());
  });

  it('whose connections are reset in the middle of a batch, again and again', async () => {
    const { server, client } = await redisOfItsOwn();
    const proxy = await startResettingProxy(server.port);
    cleanups.push(() => proxy.close());
    const host = await hostOfItsOwn(proxy.url, client);
    const fault: Fault = {
      begin: async () => proxy.setBroken(true),
      isFelt: () => proxy.resets.sending >= 5 && proxy.resets.answering >= 5,
      end: async () => proxy.setBroken(false),
    };
    const { audit } = await serveThrough(fault, host, client);
    expect(audit.repeated).toBeGreaterThan(0);
    expectEnded(await host.stop());
  });
});
