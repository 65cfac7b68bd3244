import { Gauge, type Registry } from 'prom-client';
import { readGauge, single } from './readings';

/** The servers that the bridge needs. */
export interface ServerSource {
  /** For each, the reason that it can not be used, or undefined. */
  checkReadiness: () => Promise<Record<string, string | undefined>>;
  /** Postgres connections, as node-postgres counts them. */
  pool: { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number };
  version: string;
}

/** Registers what tells of the bridge's surroundings. */
export function registerServerMetrics(registry: Registry, { checkReadiness, pool, version }: ServerSource): void {
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
    help: 'Connections of the pool to Postgres, by state.',
    labelNames: ['state'],
    read: () => [
      [{ state: 'busy' }, pool.totalCount - pool.idleCount],
      [{ state: 'idle' }, pool.idleCount],
    ],
  });
  readGauge({
    registry,
    name: 'flow_bridge_postgres_waiting',
    help: 'Queries that wait for a connection to Postgres.',
    read: () => single(pool.waitingCount),
  });
  new Gauge({
    registers: [registry],
    name: 'flow_bridge_info',
    help: 'The version that runs; always 1.',
    labelNames: ['version'],
  }).set({ version }, 1);
}
