import { backOffMs, type BackOffRange, type FlowRecord } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import type { Failures } from '../platform/failures';
import { flowDay } from '../platform/postgres/flow-key';
import type { Pool } from '../platform/postgres/pool';
import { readFlows } from '../query/flows/flow-reader';
import { findFlow } from '../query/flows/flows-store';
import type { EndedFlows } from './ended-flows';
import type { ResourceSpans } from './otlp-json';
import type { PostSpans } from './post-spans';
import { resourceSpans, spansOfFlow } from './spans-of-flow';

/** Why a flow was given up. */
export type SpanDropReason = 'queue_full' | 'refused' | 'unreachable' | 'stopped';

/** What was sent since the start. */
export interface SpanExportCounts {
  /** Spans that the collector took. */
  sent: number;
  /** Spans that it was given and did not want. */
  rejected: number;
  /** Flows that were given up, each once. */
  dropped: Record<SpanDropReason, number>;
}

/** Flows taken at once. */
const BATCH_FLOWS = 50;
/** Spans in one message, about: a part that is read may bring some more. */
const MESSAGE_SPANS = 1_000;
const RETRY: BackOffRange = { firstMs: 500, maxMs: 30_000 };
/** A collector that asks for more is asked again by then. */
const MOST_RETRY_AFTER_MS = 60_000;

export interface SpanExporterOptions {
  readonly ended: EndedFlows;
  readonly post: PostSpans;
  /** Of the primary: a replica may not have the flow's end yet. */
  readonly pool: Pool;
  readonly counts: SpanExportCounts;
  readonly failures: Failures;
  readonly version: string;
  /** How long a message is tried before its flows are given up. */
  readonly giveUpAfterMs: number;
}

const WORK = { work: 'span_export' } as const;

/** A message in the making, and the flows that end in it. */
interface Message {
  resourceSpans: ResourceSpans[];
  flowIds: Set<string>;
  spans: number;
}

const emptyMessage = (): Message => ({ resourceSpans: [], flowIds: new Set(), spans: 0 });

/** Sends flows that have ended, message by message, until the signal aborts. */
export async function runSpanExporter(options: SpanExporterOptions, signal: AbortSignal): Promise<void> {
  const { ended, post, pool, counts, failures, version, giveUpAfterMs } = options;

  const drop = (reason: SpanDropReason, flows: number): void => {
    counts.dropped[reason] += flows;
  };

  /** Tries until it is taken, refused, or too late. */
  const send = async ({ resourceSpans: sent, flowIds, spans }: Message): Promise<void> => {
    if (spans === 0) return;
    const untilMs = performance.now() + giveUpAfterMs;
    for (let tries = 1; ; tries++) {
      const outcome = await post(sent, signal);
      if (outcome.kind === 'taken') {
        counts.sent += spans - outcome.rejected;
        counts.rejected += outcome.rejected;
        failures.succeeded(WORK);
        return;
      }
      if (signal.aborted) return drop('stopped', flowIds.size);
      failures.failed(WORK, new SpanExportError(outcome.reason));
      if (outcome.kind === 'refused') return drop('refused', flowIds.size);
      const waitMs = Math.min(outcome.afterMs ?? backOffMs(tries, RETRY), MOST_RETRY_AFTER_MS);
      if (performance.now() + waitMs > untilMs) return drop('unreachable', flowIds.size);
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  };

  const sendFlows = async (flows: readonly FlowRecord[]): Promise<void> => {
    let message = emptyMessage();
    for await (const { flow, checkpoints, isFirst } of readFlows(pool, flows)) {
      const spans = spansOfFlow(flow, checkpoints, isFirst);
      message.resourceSpans.push(resourceSpans(flow, spans, version));
      message.flowIds.add(flow.flow_id);
      message.spans += spans.length;
      if (message.spans < MESSAGE_SPANS) continue;
      await send(message);
      message = emptyMessage();
    }
    await send(message);
  };

  const read = async (flowIds: readonly string[]): Promise<FlowRecord[]> => {
    const found = await Promise.all(flowIds.map((flowId) => findFlow(pool, flowDay(flowId), flowId)));
    return found.filter((flow) => flow !== undefined);
  };

  while (!signal.aborted) {
    await ended.whenDue(signal);
    const flowIds = ended.take(performance.now(), BATCH_FLOWS);
    try {
      await sendFlows(await read(flowIds));
    } catch (error) {
      // History can't be read now: they come again, behind the others.
      failures.failed(WORK, error);
      for (const flowId of flowIds) if (!ended.add(flowId, performance.now() + RETRY.firstMs)) drop('queue_full', 1);
    }
  }
  drop('stopped', ended.size);
}

/** What a collector answered, or why it did not. */
class SpanExportError extends Error {
  override readonly name = 'SpanExportError';
  readonly code: string;

  constructor(reason: string) {
    super(reason);
    this.code = reason.replace(/\W/g, '_');
  }
}
