import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../support/free-port';
import { startNode, untilHealthy, type TestProcess } from '../../support/process';
import { redisUrl } from '../../support/services';

const MAIN = join(__dirname, '..', '..', '..', 'bridge', 'dist', 'main.js');

/** A bridge as a process of its own, which an attack may end. */
export interface BridgeProcess {
  readonly url: string;
  readonly liveUrl: string;
  readonly process: TestProcess;
  /** Resident memory, in bytes. */
  rss(): number;
}

export async function startBridgeProcess(options: {
  databaseUrl: string;
  prefix: string;
  /** Of V8's old generation. */
  heapMb: number;
  env?: Record<string, string>;
}): Promise<BridgeProcess> {
  const port = await freePort();
  const process = startNode([`--max-old-space-size=${options.heapMb}`, MAIN], {
    REDIS_URL: redisUrl(),
    DATABASE_URL: options.databaseUrl,
    FLOW_BRIDGE_PORT: String(port),
    FLOW_PREFIX: options.prefix,
    FLOW_PARTITIONS: '2',
    LOG_LEVEL: 'warn',
    ...options.env,
  });
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(process, `${url}/healthz`);
  return {
    url,
    liveUrl: `ws://127.0.0.1:${port}/ws/flows`,
    process,
    rss: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(process.child.pid)], { encoding: 'utf8' })) * 1024,
  };
}
