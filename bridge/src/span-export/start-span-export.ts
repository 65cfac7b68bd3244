import { isTraceFlow } from '@flow-tracking/protocol';
import type { Failures } from '../platform/failures';
import type { Pool } from '../platform/postgres/pool';
import { EndedFlows } from './ended-flows';
import { createPostSpans } from './post-spans';
import { runSpanExporter, type SpanExportCounts } from './span-exporter';

/** What a flow records right behind its end, such as the end of a stream, goes with it. */
const SETTLE_MS = 1_000;
/** The processes of a trace send their spans at different times, most every 5 s. */
const TRACE_SETTLE_MS = 10_000;
const MOST_WAITING = 10_000;
const GIVE_UP_AFTER_MS = 300_000;

/** Where finished flows go as spans. */
export interface SpanTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Flows that came as spans go there, too. */
  readonly forwardsSpans: boolean;
}

/** The export of finished flows as spans. */
export interface SpanExport {
  readonly counts: Readonly<SpanExportCounts>;
  /** Flows that wait to be sent. */
  readonly waiting: number;
  /** These flows have ended, and are committed. Those that came as spans are left out, unless they are forwarded. */
  ended(flowIds: readonly string[]): void;
  /** Sends no more; what waits is counted as dropped. Idempotent. */
  stop(): Promise<void>;
}

/** Sends flows to a collector by OTLP/HTTP once they have ended. */
export function startSpanExport(options: {
  target: SpanTarget;
  pool: Pool;
  version: string;
  failures: Failures;
  /** @default 1 s, or 10 s where spans are forwarded */
  settleMs?: number;
}): SpanExport {
  const { target, pool, version, failures } = options;
  const { settleMs = target.forwardsSpans ? TRACE_SETTLE_MS : SETTLE_MS } = options;
  const ended = new EndedFlows(MOST_WAITING);
  const counts: SpanExportCounts = {
    sent: 0,
    rejected: 0,
    dropped: { queue_full: 0, refused: 0, unreachable: 0, stopped: 0 },
  };
  const stopping = new AbortController();
  const post = createPostSpans(target.url, target.headers);
  const running = runSpanExporter(
    { ended, post, pool, counts, failures, version, giveUpAfterMs: GIVE_UP_AFTER_MS },
    stopping.signal,
  );
  return {
    counts,
    get waiting() {
      return ended.size;
    },
    ended(flowIds) {
      const dueMs = performance.now() + settleMs;
      for (const flowId of flowIds) {
        // Its exporter may send those spans there itself.
        if (!target.forwardsSpans && isTraceFlow(flowId)) continue;
        if (!ended.add(flowId, dueMs)) counts.dropped.queue_full += 1;
      }
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
