import { join } from 'node:path';
import type { Client } from 'pg';
import { addCalls, addStats, connectHistory } from '../../test/support/history-rows';
import { createTestDatabase, type TestDatabase } from '../../test/support/services';
import { createLogger } from './platform/logger';
import { migrate } from './platform/postgres/migrations';
import { createPool, type Pool } from './platform/postgres/pool';
import { KEPT_DAYS } from './query/stats/stats-range';
import { dropDayPartitions } from './upkeep/partitions-store';

const DAY_MS = 86_400_000;
const RETENTION_DAYS = 3_650;

let database: TestDatabase;
let pool: Pool;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, createLogger('silent', 'json'));
  await migrate(pool, join(__dirname, '..', '..', 'migrations'));
  client = await connectHistory(database.url);
});

afterAll(async () => {
  await client.end();
  await pool.end();
  await database.drop();
});

it('keeps slots in Postgres for as long as questions are answered from them', async () => {
  const limits = Object.values(KEPT_DAYS).filter(Number.isFinite);
  const ages = limits.flatMap((days) => [days - 0.5, days + 0.5]);
  for (const age of ages) {
    const ended_ts = Date.now() - age * DAY_MS;
    await addStats(client, [{ checkpoint: `${age}`, ended_ts, durations_ms: [1] }]);
    await addCalls(client, [{ checkpoint: `${age}`, model: 'm', ended_ts, first_chunks_ms: [1] }]);
  }
  await dropDayPartitions(pool, RETENTION_DAYS);
  const expected = Object.entries(KEPT_DAYS).flatMap(([width, days]) =>
    ages.filter((age) => age < days).map((age) => `${width} ${age}`),
  );
  for (const table of ['checkpoint_stats', 'call_stats']) {
    const { rows } = await client.query<{ kept: string }>(
      `SELECT slot_s || ' ' || checkpoint AS kept FROM flow.${table}`,
    );
    expect([table, rows.map(({ kept }) => kept).sort()]).toEqual([table, expected.sort()]);
  }
});
