import path from 'node:path';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';
import { repoRoot } from '../../scripts/lib/settings.mjs';
import { canPin, pin } from '../child.mjs';
import { compareBridge } from './bridge.mjs';
import { compareMiddleware } from './middleware.mjs';
import { LIMIT, ratioTable } from './ratios.mjs';
import { prepareTree } from './trees.mjs';

const SERVER_CORE = 0;
const LOAD_CORE = 1;
const FULL = { rounds: 6, middleware: 40, bridge: 12 };
const QUICK = { rounds: 2, middleware: 10, bridge: 4 };

/** @typedef {import('./ratios.mjs').Comparison} Comparison */

/** @type {(Omit<Comparison, 'rounds'> & { key: string })[]} */
const MEASURED = [
  { key: 'ingest perSecond', what: 'stream → Postgres', unit: 'events/s', better: 'more' },
  { key: 'ingest cpuUs', what: 'the same, CPU', unit: 'µs an event', better: 'less' },
  { key: 'fan-out p50Ms', what: 'frame → 100 viewers, p50', unit: 'ms', better: 'less' },
  { key: 'fan-out cpuUs', what: 'the same, CPU', unit: 'µs a delivery', better: 'less' },
  { key: 'unmonitored perSecond', what: 'middleware', unit: 'requests/s', better: 'more' },
  { key: 'unmonitored cpuUs', what: 'the same, CPU', unit: 'µs a request', better: 'less' },
  { key: 'monitored perSecond', what: 'middleware, monitored', unit: 'requests/s', better: 'more' },
  { key: 'monitored cpuUs', what: 'the same, CPU', unit: 'µs a request', better: 'less' },
];

/**
 * How fast the working tree is against a commit, by slices of both in random order.
 *
 * @param {{ ref: string, redis: { url: string, pid: number }, dir: string, logDir: string, isQuick: boolean }} options
 *   `dir`: for the database
 * @returns {Promise<boolean>} whether nothing is slower
 */
export async function benchCompare({ ref, redis, dir, logDir, isQuick }) {
  const size = isQuick ? QUICK : FULL;
  const tree = await prepareTree(ref, { logDir });
  /** @type {Awaited<ReturnType<typeof startPostgres>> | undefined} */
  let postgres;
  try {
    postgres = await startPostgres({ dir: path.join(dir, 'postgres'), password: makePassword(), fast: true });
    // The servers have a core to themselves; what they talk to shares the other.
    pin(process.pid, LOAD_CORE);
    pin(redis.pid, LOAD_CORE);
    const common = { roots: { before: tree.root, now: repoRoot }, redisUrl: redis.url, core: SERVER_CORE };
    /** @type {Comparison[]} */
    const comparisons = MEASURED.map(({ what, unit, better }) => ({ what, unit, better, rounds: [] }));
    for (let round = 1; round <= size.rounds; round++) {
      process.stderr.write(`compare: round ${round} of ${size.rounds}\n`);
      const pairs = {
        ...(await compareBridge({ ...common, databaseUrl: postgres.url, slices: size.bridge })),
        ...(await compareMiddleware({ ...common, slices: size.middleware })),
      };
      MEASURED.forEach(({ key }, i) => comparisons[i]?.rounds.push(pairs[key] ?? []));
    }
    const { text, isSlower } = ratioTable(comparisons);
    console.log(
      [
        `This tree against ${ref} (${tree.sha.slice(0, 8)}): ${size.rounds} rounds of fresh processes, slices in random order; Node ${process.version}; ` +
          (canPin ? 'server and load on a core each' : 'server and load share all cores, which blurs the figures'),
        text,
        `speed: above 1 is faster now. ${isSlower ? `SLOWER: an interval lies wholly below ${LIMIT}` : `OK: no interval lies wholly below ${LIMIT}`}`,
      ].join('\n'),
    );
    return !isSlower;
  } finally {
    await postgres?.stop();
    tree.remove();
  }
}
