import { createLogger, readConfig, startBridge, type Bridge } from '@flow-tracking/bridge';
import { join } from 'node:path';
import { redisUrl } from './services';

/** Starts a bridge in this process, on a free port. */
export async function startTestBridge(options: {
  databaseUrl: string;
  prefix: string;
  env?: Record<string, string>;
  /** @default silent, unless `LOG_LEVEL` says otherwise */
  logger?: Parameters<typeof startBridge>[1];
}): Promise<Bridge & { url: string; liveUrl: string }> {
  const level = process.env['LOG_LEVEL'] ?? 'silent';
  const config = readConfig({
    REDIS_URL: redisUrl(),
    DATABASE_URL: options.databaseUrl,
    FLOW_BRIDGE_PORT: '0',
    FLOW_PREFIX: options.prefix,
    FLOW_PARTITIONS: '2',
    ...options.env,
  });
  const bridge = await startBridge(
    { ...config, migrationsDir: join(__dirname, '..', '..', 'migrations') },
    options.logger ?? createLogger(level, 'pretty'),
  );
  return {
    url: `http://127.0.0.1:${bridge.port}`,
    liveUrl: `ws://127.0.0.1:${bridge.port}/ws/flows`,
    get port() {
      return bridge.port;
    },
    counts: bridge.counts,
    stop: () => bridge.stop(),
  };
}

/** Status and body of a JSON answer. */
export async function request(
  url: string,
  init: RequestInit = {},
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
): Promise<{ status: number; body: any }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  return { status: response.status, body: await response.json() };
}
