import type { Check } from '@flow-tracking/protocol';
import { compareMigrations, requireUtf8 } from '../platform/postgres/migrations';
import { pingPostgres, type Pool } from '../platform/postgres/pool';
import { fail, makeChecks, ok, warn, type Finding } from './check';
import { judgePostgresVersion } from './postgres-settings';
import { planReplicaCheck } from './replica-check';
import { MOST_COUNTED, readPartitionState, readPostgresClock, readPostgresVersion } from './schema-state-store';

const SEE_POSTGRES = 'See the log of Postgres, and whether the role of DATABASE_URL may read the schema flow';

/** Clocks that are off by less are no trouble. */
const CLOCK_WARN_MS = 2_000;
/** From here on flows stand in the wrong minute of every chart. */
const CLOCK_FAIL_MS = 60_000;

export interface PostgresCheckSources {
  pool: Pool;
  /** What history is read from, if that is another server. */
  replica: Pool | undefined;
  migrationsDir: string;
  /** Of Redis, epoch ms. */
  redisClock: () => Promise<number>;
}

/** Postgres itself, and the schema in it. */
export async function checkPostgresChain(sources: PostgresCheckSources): Promise<Check[]> {
  const { replica } = sources;
  const [primary, others] = await Promise.all([
    checkPrimary(sources),
    replica === undefined ? [] : makeChecks([planReplicaCheck(replica)]),
  ]);
  return [...primary, ...others];
}

function checkPrimary({ pool, migrationsDir, redisClock }: PostgresCheckSources): Promise<Check[]> {
  return makeChecks([
    {
      id: 'postgres_reachable',
      title: 'Postgres answers',
      fix: 'Start Postgres, and set DATABASE_URL of the bridge to where it is, with user, password and database',
      async look() {
        const startedAt = performance.now();
        await pingPostgres(pool);
        return ok(`Postgres answers in ${(performance.now() - startedAt).toFixed(1)} ms`);
      },
    },
    {
      id: 'postgres_version',
      title: 'Version and encoding of Postgres',
      fix: SEE_POSTGRES,
      async look() {
        await requireUtf8(pool);
        return judgePostgresVersion(await readPostgresVersion(pool));
      },
    },
    {
      id: 'postgres_schema',
      title: 'The schema is up to date',
      fix: SEE_POSTGRES,
      look: async () => judgeMigrations(await compareMigrations(pool, migrationsDir)),
    },
    {
      id: 'postgres_partitions',
      title: 'Day partitions are made',
      fix: 'See the check "postgres_schema"',
      async look() {
        const { missingDays, inDefault } = await readPartitionState(pool);
        if (missingDays.length > 0) {
          return fail(
            `No partition for ${missingDays.join(' and ')}`,
            'The bridge makes them a week ahead: see its log for "partitions", and whether its role may create tables',
          );
        }
        if (inDefault === 0) return ok('Today and tomorrow have theirs, and the default partition is empty');
        const count = inDefault >= MOST_COUNTED ? `${MOST_COUNTED} or more` : String(inDefault);
        return warn(
          `${count} flows are in the default partition: they began on days that have no partition`,
          'Set the clocks of the applications right (NTP)',
        );
      },
    },
    {
      id: 'clocks',
      title: 'Clocks agree',
      fix: SEE_POSTGRES,
      look: async () =>
        judgeClocks({ Postgres: await readPostgresClock(pool), Redis: await redisClock().catch(() => NaN) }),
    },
  ]);
}

function judgeMigrations({ missing, unknown }: { missing: string[]; unknown: number[] }): Finding {
  if (missing.length > 0) {
    return fail(
      `Not run: ${missing.join(', ')}`,
      'Run npm run migrate, or restart the bridge, which does it at its start',
    );
  }
  if (unknown.length > 0) {
    return warn(
      `The schema is newer than this bridge: it does not know migration ${unknown.join(', ')}`,
      'Update this bridge to the version of the others',
    );
  }
  return ok('Every migration of this bridge has run');
}

/** @param clocks epoch ms by server; NaN: not known */
function judgeClocks(clocks: Readonly<Record<string, number>>): Finding {
  const offsets = Object.entries(clocks)
    .filter(([, ts]) => Number.isFinite(ts))
    .map(([server, ts]) => ({ server, ms: ts - Date.now() }));
  const worst = Math.max(0, ...offsets.map(({ ms }) => Math.abs(ms)));
  const told = offsets.map(
    ({ server, ms }) => `${server} is ${(Math.abs(ms) / 1_000).toFixed(1)} s ${ms < 0 ? 'behind' : 'ahead'}`,
  );
  if (worst < CLOCK_WARN_MS) return ok(`${offsets.map(({ server }) => server).join(' and ')} agree with the bridge`);
  const fix = 'Let NTP set the clocks of all machines';
  const detail = `Against the bridge, ${told.join(', ')}`;
  return worst < CLOCK_FAIL_MS ? warn(detail, fix) : fail(detail, fix);
}
