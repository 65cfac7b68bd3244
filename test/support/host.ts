import type { FlowTrackingStats } from '@flow-tracking/express';
import path from 'node:path';
import { freePort } from './free-port';
import { startNode, untilHealthy } from './process';

export interface HostWarning {
  readonly code: string;
  readonly message: string;
  /** On the process' own clock, which begins at 0. */
  readonly atMs: number;
}

/** What host-server.mjs tells of itself. */
export interface HostReport {
  readonly stats: FlowTrackingStats;
  /** Over all samples, one every 20 ms and every 50 requests. */
  readonly worst: {
    readonly samples: number;
    /** Samples whose counts did not add up. */
    readonly unbalanced: number;
    readonly queuedBytes: number;
    readonly queuedEvents: number;
    readonly rssMb: number;
  };
  readonly warnings: readonly HostWarning[];
  readonly requests: number;
  /** What a request takes in middleware, routing and handler, all of it synchronous. */
  readonly p99Ms: number;
  /** What is alive after a collection: heap and buffers. */
  readonly memoryMb: number;
}

export interface HostEnd {
  readonly exit: number | NodeJS.Signals;
  /** From SIGTERM to the exit. */
  readonly exitMs: number;
  /** What `close` took. */
  readonly closeMs: number;
  readonly stats: FlowTrackingStats;
  readonly warnings: readonly HostWarning[];
}

export interface Host {
  readonly port: number;
  stats(): Promise<FlowTrackingStats>;
  report(): Promise<HostReport>;
  /** Sends SIGTERM; throws if the process printed anything but its own last line. */
  stop(): Promise<HostEnd>;
  /** For a test that failed halfway. */
  kill(): Promise<void>;
}

/** Starts the server of host-server.mjs, which dies of the first promise that rejects unheard. */
export async function startHost(redisUrl: string, prefix: string): Promise<Host> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const process = startNode(
    ['--unhandled-rejections=strict', '--trace-uncaught', '--expose-gc', path.join(__dirname, 'host-server.mjs')],
    { PORT: `${port}`, REDIS_URL: redisUrl, FLOW_PREFIX: prefix, FLOW_PARTITIONS: '1', FLOW_SERVICE: 'host' },
  );
  const get = async <T>(route: string): Promise<T> => {
    try {
      return (await (await fetch(url + route)).json()) as T;
    } catch (error) {
      throw new Error(`The host does not answer; it printed: ${process.output()}`, { cause: error });
    }
  };
  await untilHealthy(process, `${url}/stats`);
  return {
    port,
    stats: () => get('/stats'),
    report: () => get('/report'),
    async stop() {
      const startedMs = performance.now();
      const exit = await process.stop();
      const exitMs = performance.now() - startedMs;
      const lines = process.output().trim().split('\n');
      if (lines.length !== 1) throw new Error(`The host exited with ${exit} and printed: ${process.output()}`);
      return { exit, exitMs, ...(JSON.parse(lines[0] ?? '') as Omit<HostEnd, 'exit' | 'exitMs'>) };
    },
    async kill() {
      process.child.kill('SIGKILL');
      await process.exited;
    },
  };
}
