import { lookup } from 'node:dns/promises';
import net from 'node:net';
import { pingRedis } from '../redis-ping.mjs';
import { withoutPassword } from '../settings.mjs';
import { fail, ok, reasonOf } from './finding.mjs';

const CONNECT_MS = 3_000;

/** @param {import('./doctor-settings.mjs').DoctorSettings} settings */
export async function checkMachine({ redisUrl, databaseUrl }) {
  return [
    ok('local_node', 'Node.js', `Node.js ${process.versions.node}`),
    ...(redisUrl === undefined ? [] : [await checkRedis(redisUrl)]),
    ...(databaseUrl === undefined ? [] : [await checkPostgres(databaseUrl)]),
  ];
}

/** @param {string} url */
async function checkRedis(url) {
  const at = /** @type {const} */ (['local_redis', 'REDIS_URL, from here']);
  const problem = (await nameProblem(url)) ?? (await pingRedis(url, CONNECT_MS));
  if (problem === undefined) return ok(at[0], at[1], `${withoutPassword(url)} answers`);
  const fix = /NOAUTH|WRONGPASS|AUTH/.test(problem)
    ? 'Put user and password into REDIS_URL: redis://user:password@host:6379'
    : 'Start Redis, or set REDIS_URL to where it is; npm start brings one of its own when it is not set';
  return fail(at[0], at[1], `${withoutPassword(url)}: ${problem}`, fix);
}

/** Only that something listens: what Postgres says is for the bridge to ask. @param {string} url */
async function checkPostgres(url) {
  const at = /** @type {const} */ (['local_postgres', 'DATABASE_URL, from here']);
  const { hostname, port } = new URL(url);
  const problem = (await nameProblem(url)) ?? (await connectProblem(hostname, Number(port || 5_432)));
  if (problem === undefined) return ok(at[0], at[1], `${withoutPassword(url)} can be connected to`);
  const fix = 'Start Postgres, or set DATABASE_URL to where it is; npm start brings one of its own when it is not set';
  return fail(at[0], at[1], `${withoutPassword(url)}: ${problem}`, fix);
}

/** @param {string} url @returns {Promise<string | undefined>} */
async function nameProblem(url) {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  try {
    await lookup(host);
    return undefined;
  } catch (error) {
    return `the name ${host} is not known (${reasonOf(error)})`;
  }
}

/** @param {string} hostname @param {number} port @returns {Promise<string | undefined>} */
function connectProblem(hostname, port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: hostname.replace(/^\[|\]$/g, ''), port });
    const finish = (/** @type {string | undefined} */ problem) => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(CONNECT_MS, () => finish(`no answer within ${CONNECT_MS / 1_000} s`));
    socket.once('connect', () => finish(undefined));
    socket.once('error', (error) => finish(reasonOf(error)));
  });
}
