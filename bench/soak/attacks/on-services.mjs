import { setTimeout as delay } from 'node:timers/promises';
import { msUntil } from './aftermath.mjs';

/** @typedef {import('./field.mjs').Field} Field */
/** @typedef {import('./all.mjs').Attack} Attack */

const PROJECTED_MS = 15_000;
const FULL_MS = 15_000;
const LOCK_MS = 30_000;
const SLOW_MS = 60_000;
const ROW_S = 0.05;
const ASK_MS = 10_000;

/** @param {Field} field @param {string} userId */
const enable = ({ bridge }, userId) =>
  fetch(`${bridge.url}/api/v1/monitoring/enable/${userId}`, {
    method: 'POST',
    signal: AbortSignal.timeout(ASK_MS),
  }).then(
    ({ status }) => status,
    () => 0,
  );

/** @param {Field} field @param {string} userId */
async function expectProjected({ redis, keys }, userId) {
  const ms = await msUntil(async () => (await redis.zscore(keys.monitoring, userId)) !== null, PROJECTED_MS);
  return ms === undefined ? [`a grant is not in Redis after ${PROJECTED_MS / 1000} s`] : [];
}

/** @type {Attack} */
export const redisFull = {
  name: 'redis-full',
  what: 'Redis refuses writes for 15 s, then has room again; a grant is given meanwhile',
  async strike(field) {
    await field.redis.config('SET', 'maxmemory', '1');
    let status;
    try {
      await delay(FULL_MS / 2);
      status = await enable(field, 'while-full');
      await delay(FULL_MS / 2);
    } finally {
      await field.redis.config('SET', 'maxmemory', '0');
    }
    return { broken: await expectProjected(field, 'while-full'), note: `the grant was answered ${status}` };
  },
};

/** @type {Attack} */
export const flushall = {
  name: 'flushall',
  what: 'FLUSHALL under load, with a grant in force',
  // What Redis held and had not given out is gone with it.
  mayLose: true,
  async strike(field) {
    const status = await enable(field, 'before-flush');
    if (status !== 200) return { broken: [`a grant was answered ${status}`] };
    await field.redis.flushall();
    return { broken: await expectProjected(field, 'before-flush') };
  },
};

/** @type {Attack} */
export const slowPostgres = {
  name: 'slow-postgres',
  what: 'Postgres takes 50 ms a row for a minute',
  async strike(field) {
    const { postgres, isQuick } = field;
    const slowMs = isQuick ? SLOW_MS / 2 : SLOW_MS;
    const count = async () => {
      const { rows } = await postgres.query('SELECT count(*)::int AS n FROM flow.checkpoints');
      return Number(rows[0]?.n);
    };
    await postgres.query(`CREATE OR REPLACE FUNCTION public.slow_row() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(${ROW_S}); RETURN NEW; END $$`);
    await postgres.query(`CREATE TRIGGER slow_row BEFORE INSERT ON flow.checkpoints
      FOR EACH ROW EXECUTE FUNCTION public.slow_row()`);
    /** @type {number} */
    let written;
    try {
      // The first batches are small; what has waited for them makes those that would never end.
      await delay(slowMs / 2);
      const before = await count();
      await delay(slowMs / 2);
      written = (await count()) - before;
    } finally {
      await dropTrigger(postgres);
    }
    return {
      broken: written > 0 ? [] : [`no row in ${slowMs / 2_000} s`],
      note: `${written} rows in its second half`,
    };
  },
};

/** Its lock waits for the writer, and must not make others wait behind it. @param {import('pg').Pool} postgres */
async function dropTrigger(postgres) {
  const client = await postgres.connect();
  try {
    await client.query("SET lock_timeout = '2s'");
    const droppedMs = await msUntil(async () => {
      await client.query('DROP TRIGGER IF EXISTS slow_row ON flow.checkpoints');
      return true;
    }, 120_000);
    if (droppedMs === undefined) throw new Error('the trigger could not be dropped');
  } finally {
    client.release(true);
  }
}

/** @type {Attack} */
export const lock = {
  name: 'lock',
  what: "a lock on today's partition of the checkpoints, held for 30 s",
  async strike({ postgres }) {
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const client = await postgres.connect();
    try {
      await client.query('BEGIN');
      await client.query(`LOCK TABLE flow.checkpoints_p${day} IN ACCESS EXCLUSIVE MODE`);
      await delay(LOCK_MS);
      await client.query('COMMIT');
    } finally {
      client.release(true);
    }
    return { broken: [] };
  },
};
