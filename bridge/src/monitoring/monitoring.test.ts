import type { MonitoringGrant } from '@flow-tracking/protocol';
import { pino } from 'pino';
import { createFailures } from '../platform/failures';
import type { Pool } from '../platform/postgres/pool';
import { createMonitoringService } from './monitoring';
import type { MonitoringProjection } from './projection';

const logger = pino({ level: 'silent' });

const grant = (user_id: string): MonitoringGrant => ({
  user_id,
  expires_ts: Date.now() + 60_000,
  enabled_ts: Date.now(),
  enabled_by: null,
  reason: null,
});

/** A service whose Postgres holds `saved` and whose Redis is a map. */
function createService(options: { onWrite?: () => void; onRead?: () => void } = {}) {
  const saved = [grant('ann')];
  const projected = new Map<string, number>();
  const calls = { reads: 0, announced: 0 };
  const projection: MonitoringProjection = {
    set: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    async read() {
      calls.reads += 1;
      const now = new Map(projected);
      options.onRead?.();
      return now;
    },
    async write(grants, removed) {
      for (const userId of removed) projected.delete(userId);
      for (const { user_id, expires_ts } of grants) projected.set(user_id, expires_ts);
      options.onWrite?.();
    },
    async announce() {
      calls.announced += 1;
    },
  };
  const pool = {
    query: (sql: string) =>
      Promise.resolve({ rows: sql.includes('AS digest') ? [{ digest: JSON.stringify(saved) }] : [...saved] }),
  } as unknown as Pool;
  const failures = createFailures(logger);
  const service = createMonitoringService({ pool, projection, failures, logger });
  return { saved, projected, calls, failures, service, projection };
}

describe('a rebuild of the projection', () => {
  it('adds what is missing, removes what is not in force, and tells the middlewares once', async () => {
    const { projected, calls, service, saved } = createService();
    projected.set('extra', 1);
    await service.rebuild();
    expect([...projected]).toEqual([['ann', saved[0]?.expires_ts]]);
    expect(calls.announced).toBe(1);
    await service.rebuild();
    expect(calls.announced).toBe(1);
    service.stop();
  });

  it('corrects an expiry', async () => {
    const { projected, service, saved } = createService();
    projected.set('ann', 1);
    await service.rebuild();
    expect(projected.get('ann')).toBe(saved[0]?.expires_ts);
    service.stop();
  });

  it('keeps a grant that another bridge saves and projects between its two looks', async () => {
    const other = grant('bob');
    let isFirst = true;
    const { saved, projected, service } = createService({
      onRead() {
        if (isFirst) saved.push(other);
        if (isFirst) projected.set('bob', other.expires_ts);
        isFirst = false;
      },
    });
    await service.rebuild();
    expect([...projected.keys()].sort()).toEqual(['ann', 'bob']);
    service.stop();
  });

  it('removes a grant that another bridge takes away while it is written', async () => {
    let isFirst = true;
    const { saved, projected, service } = createService({
      onWrite() {
        if (isFirst) saved.length = 0;
        isFirst = false;
      },
    });
    await service.rebuild();
    expect([...projected.keys()]).toEqual([]);
    service.stop();
  });

  it('tells a refusal as a failure until it succeeds, and tells the middlewares then', async () => {
    const { calls, failures, service, projection } = createService();
    const working = { ...projection };
    projection.write = () => Promise.reject(new Error('OOM command not allowed'));
    await service.rebuild();
    expect([...failures.current()]).toEqual([expect.objectContaining({ work: 'grants_projection', reason: 'OOM' })]);
    Object.assign(projection, working);
    await service.rebuild();
    expect([...failures.current()]).toEqual([]);
    expect(calls.announced).toBe(1);
    service.stop();
  });

  it('leaves the projection alone while the grants can not be read', async () => {
    const { projected, failures, service } = createService();
    projected.set('carl', 1);
    const blind = createMonitoringService({
      pool: { query: () => Promise.reject(new Error('away')) } as unknown as Pool,
      projection: { read: async () => projected } as unknown as MonitoringProjection,
      failures,
      logger,
    });
    await blind.rebuild();
    expect([...failures.current()]).toEqual([expect.objectContaining({ work: 'grants_read' })]);
    expect([...projected.keys()]).toEqual(['carl']);
    for (const each of [service, blind]) each.stop();
  });
});
