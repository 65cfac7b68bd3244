import { setTimeout as delay } from 'node:timers/promises';
import { pg } from '../soak/services.mjs';

const EVERY_MS = 20;
/** Those that keep readers or writers out. */
const MODES = ['AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock'];

/** @typedef {{ table: string, mode: string, ms: number }} HeldLock */
/** @typedef {{ lock: HeldLock | undefined, readMs: number, writeMs: number, samples: number }} Longest */

/**
 * Looks every 20 ms who holds a lock that shuts others out of tables that are there now, and reads and writes a row of
 * each of them all the while: what waits for a lock makes others wait, too, before it has it.
 *
 * @param {string} databaseUrl
 */
export async function watchLocks(databaseUrl) {
  const clients = Array.from({ length: 3 }, () => new pg.Client({ connectionString: databaseUrl }));
  // A query tells what has become of its connection.
  for (const client of clients) client.on('error', () => undefined);
  await Promise.all(clients.map((client) => client.connect()));
  const [looking, reading, writing] = /** @type {[import('pg').Client, import('pg').Client, import('pg').Client]} */ (
    clients
  );
  // What a migration makes is nobody else's yet.
  const { rows: known } = await looking.query(
    `SELECT oid FROM pg_class WHERE relnamespace = 'flow'::regnamespace AND relkind IN ('r', 'p')`,
  );
  const oids = known.map(({ oid }) => Number(oid));
  let isRunning = true;
  /** @type {Longest} */
  const longest = { lock: undefined, readMs: 0, writeMs: 0, samples: 0 };

  const look = async () => {
    /** @type {Map<string, number>} */
    let held = new Map();
    while (isRunning) {
      const { rows } = await looking.query(
        `SELECT l.pid, l.virtualtransaction AS xact, l.relation::regclass::text AS table, l.mode FROM pg_locks AS l
          WHERE l.locktype = 'relation' AND l.granted AND l.relation = ANY ($1) AND l.mode = ANY ($2)
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        [oids, MODES],
      );
      const nowMs = performance.now();
      /** @type {typeof held} */
      const still = new Map();
      for (const { pid, xact, table, mode } of rows) {
        const key = [pid, xact, table, mode].join(' ');
        const sinceMs = held.get(key) ?? nowMs;
        still.set(key, sinceMs);
        const ms = nowMs - sinceMs;
        if (ms >= (longest.lock?.ms ?? 0)) longest.lock = { table, mode, ms };
      }
      held = still;
      longest.samples += 1;
      await delay(EVERY_MS);
    }
  };
  const timed = async (/** @type {() => Promise<unknown>} */ work) => {
    const startedMs = performance.now();
    await work();
    return performance.now() - startedMs;
  };
  const read = async () => {
    while (isRunning) {
      const ms = await timed(async () => {
        await reading.query('SELECT 1 FROM flow.flows ORDER BY started_at DESC LIMIT 1');
        await reading.query('SELECT 1 FROM flow.checkpoints WHERE flow_day = current_date LIMIT 1');
      });
      longest.readMs = Math.max(longest.readMs, ms);
      await delay(EVERY_MS);
    }
  };
  const write = async () => {
    while (isRunning) {
      const ms = await timed(async () => {
        await writing.query('BEGIN');
        await writing.query(`INSERT INTO flow.flows
          (flow_day, flow_id, session_id, session_seq, user_seq, started_at, last_seq, last_event_at)
          VALUES (current_date, 'probe', 'probe', 0, 0, now(), 0, now())`);
        await writing.query(`INSERT INTO flow.checkpoints (flow_day, flow_id, node_id, checkpoint, status, started_at)
          VALUES (current_date, 'probe', 0, 'probe', 'ok', now())`);
        await writing.query('ROLLBACK');
      });
      longest.writeMs = Math.max(longest.writeMs, ms);
      await delay(EVERY_MS);
    }
  };
  const loops = Promise.all([look(), read(), write()]);
  // Told by stop; what fails meanwhile would end the process here.
  loops.catch(() => undefined);
  /** @type {Promise<Longest> | undefined} */
  let stopped;
  return {
    /** @returns {Promise<Longest>} */
    stop() {
      isRunning = false;
      stopped ??= loops.finally(() => Promise.all(clients.map((client) => client.end()))).then(() => longest);
      return stopped;
    },
  };
}
