import { redisKeys } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import { openViewer } from '../bridge/live/viewers.mjs';
import { PARTITIONS, PREFIX } from './size.mjs';

/**
 * What is done to the services; resolves when it is over and they are theirs again.
 *
 * @typedef {{ name: string, strike: () => Promise<void> }} Fault
 */

const AWAY_MS = 2_000;
const HUNG_MS = 3_000;
const VISITORS = 100;

/** @param {readonly number[]} pids */
async function hang(pids) {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await delay(HUNG_MS);
  for (const pid of pids) process.kill(pid, 'SIGCONT');
}

/**
 * @param {import('./services.mjs').Services} services
 * @param {{ redis: import('ioredis').Redis, postgres: import('pg').Pool }} admin
 * @returns {Fault[]} one round of them; kills are in it three times
 */
export function allFaults({ redis, postgres, bridges, killBridge, startBridge }, admin) {
  const backends = async () => {
    const { rows } = await admin.postgres.query(`SELECT pid FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()`);
    return rows.map(({ pid }) => Number(pid));
  };
  /** @type {Fault[]} */
  const kills = [
    {
      name: 'a bridge killed',
      async strike() {
        await killBridge();
        await startBridge();
      },
    },
    {
      name: 'Redis killed, away for 2 s',
      async strike() {
        await redis.kill();
        await delay(AWAY_MS);
        await redis.start();
      },
    },
    {
      name: 'Postgres killed, away for 2 s',
      async strike() {
        await postgres.kill();
        await delay(AWAY_MS);
        await postgres.start();
      },
    },
  ];
  /** @type {Fault[]} */
  const others = [
    { name: 'Redis hangs for 3 s', strike: () => hang([redis.pid()]) },
    { name: 'Postgres hangs for 3 s', strike: async () => hang(await backends()) },
    {
      name: 'every connection to Redis cut',
      async strike() {
        for (const type of ['normal', 'pubsub'])
          await admin.redis.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
      },
    },
    {
      name: 'every connection to Postgres ended',
      async strike() {
        await admin.postgres.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [
          await backends(),
        ]);
      },
    },
    {
      name: 'the consumer groups destroyed',
      async strike() {
        const keys = redisKeys(PREFIX);
        for (let p = 0; p < PARTITIONS; p++) await admin.redis.call('XGROUP', 'DESTROY', keys.stream(p), keys.group);
      },
    },
    {
      name: '100 viewers come and go',
      async strike() {
        for (const bridge of bridges) {
          const visits = Array.from({ length: VISITORS / bridges.length }, (_, i) =>
            openViewer(bridge.first.port, `/ws/flows/user-${i}`, () => undefined),
          );
          for (const visit of await Promise.all(visits)) visit.close();
        }
      },
    },
  ];
  return [...kills, ...kills, ...kills, ...others];
}
