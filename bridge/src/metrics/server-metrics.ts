import { Gauge, type Registry } from 'prom-client';
import type { CurrentFailure } from '../platform/failures';
import { readGauge } from './readings';

/** The servers that the bridge needs. */
export interface ServerSource {
  /** For each, the reason that it can not be used, or undefined. */
  checkReadiness: () => Promise<Record<string, string | undefined>>;
  /** Pools of connections to Postgres by name, as node-postgres counts them. */
  pools: Readonly<Record<string, { totalCount: number; idleCount: number; waitingCount: number }>>;
  /** What the bridge tries and fails to do now. */
  failures: () => Iterable<CurrentFailure>;
  version: string;
}

/** Registers what tells of the bridge's surroundings. */
export function registerServerMetrics(
  registry: Registry,
  { checkReadiness, pools, failures, version }: ServerSource,
): void {
  readGauge({
    registry,
    name: 'flow_bridge_dependency_up',
    help: 'Whether Redis and Postgres answer, asked at the scrape: 1 or 0.',
    labelNames: ['dependency'],
    read: async () =>
      Object.entries(await checkReadiness()).map(
        ([dependency, reason]) => [{ dependency }, reason === undefined ? 1 : 0] as const,
      ),
  });
  readGauge({
    registry,
    name: 'flow_bridge_postgres_connections',
    help: 'Connections to Postgres, by pool and state.',
    labelNames: ['pool', 'state'],
    read: () =>
      Object.entries(pools).flatMap(([pool, { totalCount, idleCount }]) => [
        [{ pool, state: 'busy' }, totalCount - idleCount] as const,
        [{ pool, state: 'idle' }, idleCount] as const,
      ]),
  });
  readGauge({
    registry,
    name: 'flow_bridge_postgres_waiting',
    help: 'Queries that wait for a connection to Postgres, by pool.',
    labelNames: ['pool'],
    read: () => Object.entries(pools).map(([pool, { waitingCount }]) => [{ pool }, waitingCount] as const),
  });
  readGauge({
    registry,
    name: 'flow_bridge_failing',
    help: 'Work that fails now and is tried again: 1 by work, partition (empty where it has none) and reason.',
    labelNames: ['work', 'partition', 'reason'],
    read: () =>
      [...failures()].map(
        ({ work, partition, reason }) => [{ work, partition: String(partition ?? ''), reason }, 1] as const,
      ),
  });
  new Gauge({
    registers: [registry],
    name: 'flow_bridge_info',
    help: 'The version that runs; always 1.',
    labelNames: ['version'],
  }).set({ version }, 1);
}
