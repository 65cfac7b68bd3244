import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port';
import { waitFor } from './wait-for';

/** A Redis of one test's own, to be broken in any way. */
export interface TestRedis {
  /** With the password, if `requirepass` sets one. */
  readonly url: string;
  readonly port: number;
  /** SIGSTOP and SIGCONT make a Redis that hangs; after SIGKILL, `start` brings it back with its data. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
  /** Ends it and takes its data away. */
  remove(): Promise<void>;
}

/** Starts the Redis program that the test run found. */
export function launchRedis(args: readonly string[]): ChildProcess {
  const text = process.env['FLOW_TEST_REDIS_SERVER'];
  if (text === undefined)
    throw new Error('FLOW_TEST_REDIS_SERVER is not set: run these tests with npm run test:integration');
  const { command, libraryPath } = JSON.parse(text) as { command: string; libraryPath?: string };
  return spawn(command, args, {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], ...(libraryPath && { LD_LIBRARY_PATH: libraryPath }) },
  });
}

const hasExited = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Whether a Redis, or a sentinel, is there and ready. */
export async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } finally {
    client.disconnect();
  }
}

/**
 * Starts a Redis on a free port of loopback, with an append-only file, in a directory of its own.
 *
 * @param settings further lines of its configuration, by name
 */
export async function startTestRedis(settings: Readonly<Record<string, string>> = {}): Promise<TestRedis> {
  const dir = await mkdtemp(path.join(tmpdir(), 'flow-test-redis-'));
  const port = await freePort();
  const password = settings['requirepass'];
  const url = `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`;
  const all = { port: `${port}`, bind: '127.0.0.1', dir, appendonly: 'yes', save: '', ...settings };
  const launch = () => launchRedis(Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]));
  let child = launch();
  const untilReady = async (): Promise<void> => {
    await waitFor(`Redis on port ${port} answers`, () => hasExited(child) || answers(url));
    if (hasExited(child)) throw new Error(`Redis on port ${port} ended with ${child.exitCode ?? child.signalCode}`);
  };
  const kill = async (): Promise<void> => {
    if (hasExited(child)) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const remove = async (): Promise<void> => {
    await kill();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await untilReady();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url,
    port,
    async signal(name) {
      if (name === 'SIGKILL') await kill();
      else child.kill(name);
    },
    async start() {
      child = launch();
      await untilReady();
    },
    remove,
  };
}
