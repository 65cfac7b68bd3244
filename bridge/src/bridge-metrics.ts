import type { Readiness } from './checks/readiness';
import type { Ingest } from './ingest/start-ingest';
import type { Live } from './live/start-live';
import { createMetrics, type Metrics } from './metrics/metrics';
import type { MonitoringService } from './monitoring/monitoring';
import type { Failures } from './platform/failures';
import type { Pools } from './platform/postgres/pools';
import type { SpanExport } from './span-export/start-span-export';
import type { Upkeep } from './upkeep/start-upkeep';

/** Makes the metrics of a bridge that runs. Opens nothing. */
export function createBridgeMetrics(parts: {
  ingest: Ingest;
  upkeep: Upkeep;
  live: Live;
  spanExport: SpanExport | undefined;
  monitoring: MonitoringService;
  pools: Pools;
  checkReadiness: () => Promise<Readiness>;
  spanCounts: Readonly<Record<string, number>>;
  failures: Failures;
  version: string;
}): Metrics {
  const { ingest, upkeep, live, spanExport, monitoring, pools, checkReadiness, spanCounts, failures, version } = parts;
  const metrics = createMetrics({
    history: { counts: ingest.counts, lag: () => ingest.lag(), stalled: () => upkeep.stalled },
    live: {
      viewers: () => live.server.viewerCount + live.polls.pollerCount,
      pollers: () => live.polls.pollerCount,
      grants: () => monitoring.users().length,
      counts: live.counts,
      hub: live.hub.counts,
    },
    spanExport,
    spans: spanCounts,
    servers: { checkReadiness, pools: { ...pools }, failures: () => failures.current(), version },
  });
  ingest.onBatch(metrics.onBatch);
  return metrics;
}
