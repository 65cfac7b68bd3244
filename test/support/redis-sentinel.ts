import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port';
import { answers, launchRedis } from './redis-server';
import { waitFor } from './wait-for';

/** A sentinel of one test's own. */
export interface TestSentinel {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it and takes its directory away. */
  remove(): Promise<void>;
}

/** How long a master may be silent before its sentinel takes it for dead. */
const DOWN_AFTER_MS = 500;

/** Starts a sentinel on a free port of loopback that decides alone about the master on `masterPort`, `mymaster`. */
export async function startTestSentinel(masterPort: number): Promise<TestSentinel> {
  const dir = await mkdtemp(path.join(tmpdir(), 'flow-test-sentinel-'));
  const host = '127.0.0.1';
  const port = await freePort();
  const url = `redis://${host}:${port}`;
  // It keeps its state in this file, so it takes no settings by arguments.
  const configFile = path.join(dir, 'sentinel.conf');
  const config = [
    `port ${port}`,
    `bind ${host}`,
    `dir ${dir}`,
    `sentinel monitor mymaster ${host} ${masterPort} 1`,
    `sentinel down-after-milliseconds mymaster ${DOWN_AFTER_MS}`,
    'sentinel failover-timeout mymaster 5000',
  ];
  await writeFile(configFile, `${config.join('\n')}\n`);
  const child = launchRedis([configFile, '--sentinel']);
  await waitFor(`the sentinel on port ${port} answers`, () => answers(url));
  return {
    url,
    host,
    port,
    signal(name) {
      child.kill(name);
    },
    async remove() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}
