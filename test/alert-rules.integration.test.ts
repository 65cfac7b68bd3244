import { createLogger } from '@flow-tracking/bridge';
import { join } from 'node:path';
import { Client } from 'pg';
import { createPool } from '../bridge/src/platform/postgres/pool';
import { migrate } from '../bridge/src/platform/postgres/migrations';
import { isFiring, readAlertRules, sqlOf, type AlertRule } from './support/alert-rules';
import { addStats, insertFlows, type EndedCheckpoints } from './support/history-rows';
import { startNode } from './support/process';
import { createTestDatabase, uniquePrefix, type TestDatabase } from './support/services';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const root = join(__dirname, '..');
const rules = readAlertRules().groups.flatMap((group) => group.rules);
// Roles belong to the whole server.
const role = `reader_${uniquePrefix()}`;
let database: TestDatabase;
let owner: Client;
/** The moment at which everything in a test happens: that of its transaction. */
let now: number;

beforeAll(async () => {
  database = await createTestDatabase();
  const pool = createPool(database.url, createLogger('silent', 'json'));
  await migrate(pool, join(root, 'migrations'));
  await pool.end();
  const process = startNode([join(root, 'scripts/db-reader.mjs')], {
    DATABASE_URL: database.url,
    FLOW_READER_ROLE: role,
    FLOW_READER_PASSWORD: 'of this test',
  });
  expect([await process.exited, process.output()]).toEqual([0, expect.stringContaining('Created')]);
  owner = new Client({ connectionString: database.url });
  await owner.connect();
});

// In one transaction time stands still, so that limits are met exactly, and nothing is left behind.
beforeEach(async () => {
  await owner.query('BEGIN');
  const { rows } = await owner.query<{ ms: number }>('SELECT extract(epoch FROM now())::float8 * 1000 AS ms');
  now = rows[0]?.ms ?? 0;
});

afterEach(() => owner.query('ROLLBACK'));

afterAll(async () => {
  await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await owner.end();
  await database.drop();
});

function ruleOf(uid: string): AlertRule {
  const rule = rules.find((candidate) => candidate.uid === uid);
  if (rule === undefined) throw new Error(`There is no rule ${uid}`);
  return rule;
}

type Alert = Record<string, string | number>;

/** Runs a rule's query as the reader, and checks that Grafana can make alerts of the answer. */
async function ask(uid: string): Promise<Alert[]> {
  const rule = ruleOf(uid);
  await owner.query(`SET LOCAL ROLE ${role}`);
  const { rows, fields } = await owner.query<{ time: Date; value: number } & Alert>(sqlOf(rule));
  await owner.query('RESET ROLE');
  expect(fields[0]?.name).toBe('time');
  expect(fields.at(-1)?.name).toBe('value');
  const alerts = rows.map(({ time, ...alert }) => {
    expect(time).toBeInstanceOf(Date);
    const { value, ...labels } = alert;
    expect(typeof value).toBe('number');
    for (const label of Object.values(labels)) expect(label).toEqual(expect.stringMatching(/./));
    return alert;
  });
  const labelSets = alerts.map(({ value: _value, ...labels }) => JSON.stringify(labels));
  expect(new Set(labelSets).size).toBe(alerts.length);
  for (const text of Object.values(rule.annotations)) {
    for (const [, label] of text.matchAll(/\$labels\.(\w+)/g)) expect(fields.map(({ name }) => name)).toContain(label);
  }
  return alerts;
}

/** The alerts that fire. */
const firing = async (uid: string): Promise<Alert[]> =>
  (await ask(uid)).filter(({ value }) => isFiring(ruleOf(uid), Number(value)));

async function limit(rule: string, name: string, firesAbove: number | null): Promise<void> {
  await owner.query(
    `INSERT INTO flow.alert_limits (rule, name, fires_above) VALUES ($1, $2, $3)
ON CONFLICT (rule, name) DO UPDATE SET fires_above = EXCLUDED.fires_above`,
    [rule, name, firesAbove],
  );
}

const ended = (checkpoint: string, agoMs: number, count: number, ms: number, errors = 0): EndedCheckpoints => ({
  checkpoint,
  ended_ts: now - agoMs,
  durations_ms: Array<number>(count).fill(ms),
  errors,
});

/** As close as a bucket of the roll-up is wide. */
const about = (value: number) => ({ asymmetricMatch: (got: number) => Math.abs(got / value - 1) < 0.13 });

describe('every rule', () => {
  it('says nothing on an empty history, asked by the reader’s own connection', async () => {
    const url = new URL(database.url);
    url.username = role;
    url.password = encodeURIComponent('of this test');
    const reader = new Client({ connectionString: url.href });
    await reader.connect();
    try {
      for (const rule of rules) expect([rule.uid, (await reader.query(sqlOf(rule))).rows]).toEqual([rule.uid, []]);
    } finally {
      await reader.end();
    }
  });
});

describe('slow checkpoint', () => {
  const UID = 'flow-slow-checkpoint';

  it('fires for a p95 over the limit of that checkpoint', async () => {
    await addStats(owner, [
      ended('llm', 5 * MINUTE, 94, 1_000),
      ended('llm', MINUTE, 6, 40_000),
      ended('slow_and_allowed', MINUTE, 50, 40_000),
      ended('never', MINUTE, 50, 90_000),
      ended('quick', MINUTE, 95, 1_000),
      ended('quick', MINUTE, 5, 40_000),
    ]);
    await limit('slow_checkpoint', 'slow_and_allowed', 60_000);
    await limit('slow_checkpoint', 'never', null);
    expect(await firing(UID)).toEqual([{ checkpoint: 'llm', limit: '30 s', value: about(40) }]);
    expect(await ask(UID)).toEqual(
      expect.arrayContaining([
        { checkpoint: 'slow_and_allowed', limit: '60 s', value: 0 },
        { checkpoint: 'quick', limit: '30 s', value: 0 },
      ]),
    );
  });

  it('fires above its limit, not at it', async () => {
    await addStats(owner, [ended('llm', MINUTE, 20, 40_000)]);
    const { rows } = await owner.query<{ ms: number }>(
      'SELECT ms FROM flow.checkpoint_percentile(60, flow.last_minutes(), 0.95)',
    );
    const p95 = rows[0]?.ms ?? 0;
    await limit('slow_checkpoint', 'llm', p95);
    expect(await firing(UID)).toEqual([]);
    await limit('slow_checkpoint', 'llm', p95 - 0.001);
    expect(await firing(UID)).toMatchObject([{ checkpoint: 'llm', value: p95 / 1_000 }]);
  });

  it('looks at the last 15 minutes alone, and at no less than 20 checkpoints', async () => {
    const begin = Math.floor(now / MINUTE) * MINUTE - 15 * MINUTE;
    await addStats(owner, [
      ended('in time', now - begin, 20, 40_000),
      ended('too early', now - begin + 1, 20, 40_000),
      ended('too few', MINUTE, 19, 40_000),
    ]);
    expect(await firing(UID)).toMatchObject([{ checkpoint: 'in time' }]);
  });
});

describe('slower than last week', () => {
  const UID = 'flow-slower-than-last-week';

  it('fires when p95 is more than twice that of the days before', async () => {
    const before = (checkpoint: string, ms: number) => [
      ended(checkpoint, 6 * DAY, 30, ms),
      ended(checkpoint, DAY, 30, ms),
    ];
    await addStats(owner, [
      ...before('twice and more', 1_000),
      ended('twice and more', MINUTE, 50, 2_600),
      ...before('less than twice', 1_000),
      ended('less than twice', MINUTE, 50, 1_700),
      // Three times, and nobody notices.
      ...before('quick', 2),
      ended('quick', MINUTE, 50, 6),
      ...before('allowed', 1_000),
      ended('allowed', MINUTE, 50, 2_600),
      ended('new', MINUTE, 50, 2_600),
    ]);
    await limit('slower_than_last_week', 'allowed', 3);
    expect(await firing(UID)).toEqual([{ checkpoint: 'twice and more', value: about(2.6) }]);
  });

  it('needs 50 checkpoints now and at this time of day in the seven days before', async () => {
    const hour = Math.floor(now / HOUR) * HOUR;
    const baseline = (checkpoint: string, ts: number, count = 50) => [
      ended(checkpoint, now - ts, count, 1_000),
      ended(checkpoint, MINUTE, 50, 5_000),
    ];
    await addStats(owner, [
      ...baseline('enough', hour - DAY),
      ...baseline('few before', hour - DAY, 49),
      ended('few now', DAY, 50, 1_000),
      ended('few now', MINUTE, 49, 5_000),
      ...baseline('first hour', hour - 7 * DAY - HOUR),
      ...baseline('before it', hour - 7 * DAY - HOUR - 1),
      ...baseline('hour after', hour - DAY + 2 * HOUR - 1),
      ...baseline('too late in the day', hour - DAY + 2 * HOUR),
      ...baseline('today', hour - HOUR),
    ]);
    const told = (await firing(UID)).map(({ checkpoint }) => checkpoint).sort();
    expect(told).toEqual(['enough', 'first hour', 'hour after']);
  });

  it('takes hours as the roll-up does, whatever the time zone', async () => {
    await addStats(owner, [ended('llm', DAY, 50, 1_000), ended('llm', MINUTE, 50, 5_000)]);
    await owner.query(`SET LOCAL TIME ZONE 'Asia/Kolkata'`);
    expect(await firing(UID)).toMatchObject([{ checkpoint: 'llm' }]);
  });
});

describe('error rate', () => {
  const UID = 'flow-error-rate';

  it('fires above 5 % of at least 20 checkpoints in 15 minutes', async () => {
    await addStats(owner, [
      ended('more', MINUTE, 20, 5, 2),
      ended('exactly', MINUTE, 20, 5, 1),
      ended('few', MINUTE, 19, 5, 19),
      ended('long ago', 17 * MINUTE, 20, 5, 20),
      ended('over several slots', 14 * MINUTE, 15, 5, 0),
      ended('over several slots', 2 * MINUTE, 15, 5, 3),
      ended('allowed', MINUTE, 20, 5, 10),
    ]);
    await limit('error_rate', 'allowed', 0.5);
    expect(await firing(UID)).toEqual([
      { checkpoint: 'more', limit: '5 %', value: 10 },
      { checkpoint: 'over several slots', limit: '5 %', value: 10 },
    ]);
  });
});

describe('still running', () => {
  const UID = 'flow-still-running';
  const hanging = (agoMs: number, checkpoints: string[], more: object = {}) =>
    insertFlows(owner, [
      { started_ts: now - agoMs, status: 'running', checkpoints, checkpoint_status: 'running', ...more },
    ]);

  it('tells flow, session, user and the innermost checkpoint while it runs, and no longer', async () => {
    const [flow] = await hanging(601 * SECOND, ['agent', 'llm_thinking'], { user_id: null, session_id: 's1' });
    expect(await firing(UID)).toEqual([
      {
        flow,
        session: 's1',
        user: 'unknown',
        service: 'chat',
        checkpoint: 'llm_thinking',
        value: expect.closeTo(601, 2),
      },
    ]);
    await owner.query(`UPDATE flow.checkpoints SET status = 'ok' WHERE checkpoint = 'llm_thinking'`);
    expect(await firing(UID)).toMatchObject([{ flow, checkpoint: 'agent' }]);
    await owner.query(`UPDATE flow.checkpoints SET status = 'lost'; UPDATE flow.flows SET status = 'lost'`);
    expect(await firing(UID)).toEqual([]);
  });

  it('fires past the limit, not at it, and by checkpoint', async () => {
    await owner.query(`INSERT INTO flow.flows (flow_day, flow_id, session_id, session_seq, user_seq, started_at, last_seq,
      last_event_at, status) SELECT (now() AT TIME ZONE 'UTC')::date, id, id, -1, -1, now(), 0, now(), 'running'
      FROM unnest(ARRAY['at', 'past', 'long', 'never']) AS id`);
    await owner.query(`INSERT INTO flow.checkpoints (flow_day, flow_id, node_id, checkpoint, status, started_at)
      SELECT (now() AT TIME ZONE 'UTC')::date, id, 1, name, 'running', now() - ago FROM (VALUES
      ('at', 'llm', interval '600 seconds'), ('past', 'llm', '600.001 seconds'), ('long', 'batch', '3600 seconds'),
      ('never', 'socket', '1 day')) AS c(id, name, ago)`);
    await limit('still_running', 'batch', 3_600);
    await limit('still_running', 'socket', null);
    expect(await firing(UID)).toMatchObject([{ flow: 'past', service: 'unknown' }]);
    await limit('still_running', 'batch', 3_599);
    expect(await firing(UID)).toMatchObject([{ flow: 'long' }, { flow: 'past' }]);
  });

  it('tells a flow that runs for long with no checkpoint open, by its name', async () => {
    const [late] = await hanging(1_801 * SECOND, ['auth'], { checkpoint_status: 'ok' });
    await hanging(1_799 * SECOND, ['auth'], { checkpoint_status: 'ok' });
    await hanging(1_801 * SECOND, ['auth'], { checkpoint_status: 'ok', name: 'POST /batch' });
    await limit('flow_still_running', 'POST /batch', 7_200);
    expect(await firing(UID)).toMatchObject([{ flow: late, user: '123', checkpoint: 'the flow itself' }]);
  });

  it('leaves out what began more than seven days ago', async () => {
    await owner.query(`SELECT flow.create_day_partitions((now() AT TIME ZONE 'UTC')::date - 9, current_date)`);
    const [flow] = await hanging(6 * DAY, ['upload']);
    await hanging(9 * DAY, ['upload']);
    expect(await firing(UID)).toMatchObject([{ flow, checkpoint: 'upload' }]);
  });

  it('tells a checkpoint that outlives a flow that ended well', async () => {
    const [flow] = await hanging(HOUR, ['upload'], { status: 'ok', duration_ms: 20 });
    expect(await firing(UID)).toMatchObject([{ flow, checkpoint: 'upload' }]);
  });

  it('tells the hundred that run longest, so that an outage is no flood', async () => {
    const flows = Array.from({ length: 120 }, (_, i) => ({
      started_ts: now - 20 * MINUTE - i * SECOND,
      status: 'running' as const,
      checkpoint_status: 'running' as const,
    }));
    const ids = await insertFlows(owner, flows);
    const told = (await firing(UID)).map(({ flow }) => flow);
    expect(told).toEqual(ids.slice(20).reverse());
  });
});

describe('lost to history', () => {
  const UID = 'flow-lost';

  it('sums each kind over 15 minutes and all bridges', async () => {
    await owner.query(`INSERT INTO flow.losses (at, instance, kind, count) SELECT now() - ago, name, kind, n FROM (VALUES
      (interval '15 minutes', 'a', 'flows_lost', 1), ('1 minute', 'b', 'flows_lost', 2),
      ('15 minutes 0.001 seconds', 'a', 'flows_lost', 50), ('16 minutes', 'a', 'entries_trimmed', 9),
      ('1 minute', 'a', 'dead_letters', 3)) AS l(ago, name, kind, n)`);
    await limit('flows_lost', 'dead_letters', 3);
    expect(await firing(UID)).toEqual([{ kind: 'flows_lost', value: 3 }]);
    await limit('flows_lost', 'dead_letters', 2);
    expect(await firing(UID)).toEqual([
      { kind: 'dead_letters', value: 3 },
      { kind: 'flows_lost', value: 3 },
    ]);
  });
});

interface BridgeRow {
  instance: string;
  seen?: string;
  lag?: number | null;
  failing?: string | null;
  stopped?: boolean;
}

/** Rows as bridges write them; durations are intervals. */
async function bridges(...rows: BridgeRow[]): Promise<void> {
  for (const { instance, seen = '10 seconds', lag = 0, failing = null, stopped = false } of rows) {
    await owner.query(
      `INSERT INTO flow.bridge_status SELECT $1, 'm', '1', now() - interval '1 hour', now() - $2::interval,
        CASE WHEN $3 THEN now() - $2::interval END, $4, 0, now() - $5::interval, 0, 0, 0, 0, 0, 0`,
      [instance, seen, stopped, lag, failing],
    );
  }
}

describe('history behind', () => {
  const UID = 'flow-history-behind';

  it('fires above 30 s of lag, by what the bridges that live say', async () => {
    await bridges({ instance: 'a', lag: 30 }, { instance: 'unmeasured', lag: null });
    expect(await firing(UID)).toEqual([]);
    await bridges(
      { instance: 'b', lag: 30.5 },
      { instance: 'silent', lag: 900, seen: '60 seconds' },
      { instance: 'stopped', lag: 900, stopped: true },
    );
    expect(await firing(UID)).toEqual([{ problem: 'waiting in Redis', value: 30.5 }]);
  });

  it('fires when a stream could not be written or measured for as long', async () => {
    await bridges({ instance: 'a', lag: null, failing: '30 seconds' });
    expect(await firing(UID)).toEqual([]);
    await bridges({ instance: 'b', lag: null, failing: '31 seconds' });
    expect(await firing(UID)).toEqual([{ problem: 'can not be written or measured', value: 31 }]);
  });
});

describe('bridge silent', () => {
  const UID = 'flow-bridge-silent';

  it('fires for a row that is older than 60 s, unless that bridge was stopped', async () => {
    await bridges(
      { instance: 'fresh' },
      { instance: 'at the limit', seen: '60 seconds' },
      { instance: 'dead', seen: '61 seconds' },
      { instance: 'scaled down', seen: '10 minutes', stopped: true },
    );
    expect(await firing(UID)).toEqual([{ bridge: 'dead', value: 61 }]);
  });

  it('fires when all were stopped and none came', async () => {
    await bridges(
      { instance: 'a', seen: '50 seconds', stopped: true },
      { instance: 'b', seen: '1 hour', stopped: true },
    );
    expect(await firing(UID)).toEqual([]);
    await owner.query(`UPDATE flow.bridge_status SET seen_at = seen_at - interval '11 seconds'`);
    expect(await firing(UID)).toEqual([{ bridge: 'every bridge', value: 61 }]);
    await bridges({ instance: 'c' });
    expect(await firing(UID)).toEqual([]);
  });

  it('can be switched off', async () => {
    await bridges({ instance: 'dead', seen: '10 minutes' });
    await limit('bridge_silent', '*', null);
    expect(await ask(UID)).toEqual([]);
  });
});
