import { createLogger } from '@flow-tracking/bridge';
import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { hostname } from 'node:os';
import { Pool } from 'pg';
import { startTestBridge } from '../../../test/support/bridge';
import { addEvents, chatFlow } from '../../../test/support/flow-events';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { waitFor } from '../../../test/support/wait-for';
import { createFailures } from '../platform/failures';
import { saveBridgeStatus } from './bridge-status-store';
import { startStatusReports } from './status-reports';

const prefix = uniquePrefix();
let redis: Redis;
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url });
  // The schema is the bridge's to make.
  await (await startBridge()).stop();
});

beforeEach(() => pool.query('TRUNCATE flow.bridge_status, flow.losses'));

afterAll(async () => {
  const left = await redis.keys(`${prefix}*`);
  if (left.length > 0) await redis.del(...left);
  await redis.quit();
  await pool.end();
  await database.drop();
});

function startBridge(): ReturnType<typeof startTestBridge> {
  return startTestBridge({ databaseUrl: database.url, prefix });
}

interface Loss {
  kind: string;
  count: number;
}

async function statuses(): Promise<Record<string, unknown>[]> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `SELECT *, now() - seen_at < interval '10 seconds' AS is_fresh FROM flow.bridge_status ORDER BY instance`,
  );
  return rows;
}

const instances = async () => (await statuses()).map(({ instance }) => instance);
const losses = async () => (await pool.query<Loss>('SELECT kind, count::int FROM flow.losses ORDER BY at, kind')).rows;

/** Reports without the rest of a bridge, of a stream that can be measured. */
function startReports(instance: string, machine = 'other') {
  const counts = { written: 0, dead: 0, deadDropped: 0, trimmed: 0, claimed: 0, lost: 0 };
  const failures = createFailures(createLogger('silent', 'json'));
  const lag = async () => [
    { partition: 0, entries: 3, ms: 1_500 },
    { partition: 1, entries: 4, ms: 20 },
  ];
  const reports = startStatusReports({
    pool,
    instance,
    machine,
    version: '1',
    counts,
    lag,
    stalled: () => 2,
    failures,
  });
  return { reports, counts, failures };
}

describe('the row of a bridge', () => {
  it('is there from the start, and is marked at a stop, with all that was counted', async () => {
    const bridge = await startBridge();
    await waitFor('the first report', async () => (await statuses()).length === 1);
    expect(await statuses()).toMatchObject([
      { machine: hostname(), stopped_at: null, is_fresh: true, failing_since: null, lag_s: 0, events_written: '0' },
    ]);
    await addEvents(redis, redisKeys(prefix), [...chatFlow(), { type: 'nonsense' }]);
    await waitFor('the flow is written', async () => bridge.counts.written === 8 && bridge.counts.dead === 1);
    await bridge.stop();
    expect(await statuses()).toMatchObject([
      { stopped_at: expect.any(Date), events_written: '8', dead_letters: '1', flows_lost: '0' },
    ]);
    expect(await losses()).toEqual([{ kind: 'dead_letters', count: 1 }]);
  });

  it('has the partition that is furthest behind, and since when history fails', async () => {
    const { reports, failures } = startReports('a');
    await reports.report();
    expect(await statuses()).toMatchObject([{ lag_s: 1.5, lag_entries: '7', flows_stalled: 2, failing_since: null }]);
    failures.failed({ work: 'grants_read' }, new Error('of another work'));
    await reports.report();
    expect(await statuses()).toMatchObject([{ failing_since: null }]);
    failures.failed({ work: 'stream_measure', partition: 1 }, new Error('wrong type'));
    await reports.report();
    expect(await statuses()).toMatchObject([{ failing_since: expect.any(Date) }]);
    await reports.stop();
  });

  it('tells each loss once', async () => {
    const { reports, counts } = startReports('a');
    counts.lost = 3;
    await reports.report();
    await reports.report();
    counts.lost = 5;
    counts.trimmed = 40;
    await reports.stop();
    await reports.stop();
    const told = await losses();
    const sum = (kind: string) => told.filter((row) => row.kind === kind).reduce((total, row) => total + row.count, 0);
    expect([sum('flows_lost'), sum('entries_trimmed')]).toEqual([5, 40]);
    expect(told.length).toBeLessThanOrEqual(3);
  });

  it('goes when a bridge has replaced it on its machine, or after an hour, not when one runs beside it', async () => {
    const others = () =>
      pool.query(`INSERT INTO flow.bridge_status SELECT name, machine, '1', now() - interval '2 hours', now() - seen,
        NULL, 0, 0, NULL, 0, 0, 0, 0, 0, 0 FROM (VALUES
        ('dead', 'here', interval '41 seconds'),
        ('fresh', 'here', '39 seconds'),
        ('elsewhere', 'there', '59 minutes'),
        ('long gone', 'there', '61 minutes')) AS b(name, machine, seen)`);
    const told = { flows_lost: 0, entries_trimmed: 0, dead_letters: 0, dead_letters_dropped: 0 };
    const status = {
      instance: 'new',
      machine: 'here',
      version: '1',
      hasStopped: false,
      lag: null,
      failingForMs: null,
      flowsStalled: 0,
      eventsWritten: 0,
      losses: told,
      newLosses: told,
    };
    await others();
    await saveBridgeStatus(pool, { ...status, uptimeMs: 5_000 });
    expect(await instances()).toEqual(['elsewhere', 'fresh', 'new']);

    await pool.query('TRUNCATE flow.bridge_status');
    await others();
    // It had run for long when the other one fell silent.
    await saveBridgeStatus(pool, { ...status, uptimeMs: 3_600_000 });
    expect(await instances()).toEqual(['dead', 'elsewhere', 'fresh', 'new']);
  });

  it('stops nothing when it can not be written, and is written once it can', async () => {
    await pool.query('ALTER TABLE flow.bridge_status RENAME TO bridge_status_away');
    const { reports, counts, failures } = startReports('a');
    counts.lost = 1;
    await reports.report();
    expect([...failures.current()]).toMatchObject([{ work: 'status_report', reason: '42P01' }]);
    await pool.query('ALTER TABLE flow.bridge_status_away RENAME TO bridge_status');
    await reports.report();
    expect([...failures.current()]).toEqual([]);
    expect(await statuses()).toMatchObject([{ instance: 'a', flows_lost: '1' }]);
    expect(await losses()).toEqual([{ kind: 'flows_lost', count: 1 }]);
    await reports.stop();
  });
});
