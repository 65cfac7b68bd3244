import { AsyncResource } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { createFlowIds, flowIdProcess, redisKeys } from '@flow-tracking/protocol';
import { createAttributeEncoder } from '../encode/attributes';
import { createEventEncoder } from '../encode/event-text';
import { cleanId, jsonString, nameText } from '../encode/text';
import { type AttributesInput, type Flow, noopFlow } from '../flow/api';
import { RecordedFlow } from '../flow/flow';
import { type FlowOrigin, recordStart } from '../flow/flow-start';
import { type FlowContext, HeldFlows, type MisuseCode } from '../flow/send-queue';
import type { RecorderStats, Sink } from '../record/batch';
import { createGate, createWarn } from '../record/logger';
import { Recorder } from '../record/recorder';
import { createClock, createRootTimers, Deadlines, Waiters } from '../record/time';
import { createRedisSide } from '../redis/connection';
import { MonitoringSet } from '../redis/monitoring';
import { createOtelTraceId, isSampled } from './http-origin';
import type { ResolvedOptions } from './options';

/** What `startFlow` takes. */
export interface FlowDetails {
  /** `WS /chat`, `job summarize`: few values, since flows are grouped by it. */
  name: string;
  userId?: string | number | undefined;
  sessionId?: string | number | undefined;
  /** Trace id of OpenTelemetry or another tracer. */
  traceId?: string | undefined;
  attributes?: AttributesInput | undefined;
}

/** Counts since the start, except where it says now. */
export interface FlowTrackingStats extends RecorderStats {
  /** Uses of the API that changed nothing, and faults of our own. */
  misused: Record<MisuseCode, number>;
  /** Flows that `sample` left out, and whose user was not monitored. */
  sampledOut: number;
  /** Monitored users now, and whether the set has been read since the start. */
  monitoring: { users: number; loaded: boolean };
  /** State of the writer's connection now. */
  connected: boolean;
}

export type Tracker = ReturnType<typeof createTracker>;

/** Shorter than the 5 s after which Jest fails a hook that waits for it. */
const DEFAULT_TIMEOUT_MS = 3000;
/** Share of the time of `close` in which it waits for running requests. The rest is for their last events. */
const REQUESTS_SHARE = 0.75;
/** A flow that has recorded nothing for this long (up to twice this) records its start, so that a hang is seen. */
const LATE_START_MS = 100;

const nowhere: Sink = { isReady: () => false, write: () => Promise.resolve({ stored: 0, unpublished: [] }) };

/**
 * Makes the recording of one process, and opens the connections to Redis without waiting for them.
 *
 * @param test stands in for Redis, and hears of each flow that begins
 */
export function createTracker(options: ResolvedOptions, test?: { sink: Sink; onFlow: (flow: Flow) => void }) {
  const { enabled, limits, timeoutMs } = options;
  const { logger, shut: silence } = createGate(options.logger);
  const warn = createWarn(logger);
  const clock = createClock();
  const startTimer = createRootTimers();
  const heldFlows = new HeldFlows(limits.queueBytes / 4);
  const monitoring = new MonitoringSet((userId) => heldFlows.granted(userId));
  const misused = { ended_twice: 0, invalid_id: 0, invalid_status: 0, invalid_time: 0, internal: 0 };
  const nextFlowId = createFlowIds();
  const attributes = createAttributeEncoder(limits, options.redact);
  const waiters = new Waiters(startTimer);
  let openRequests = 0;
  const redis =
    enabled && test === undefined
      ? createRedisSide({
          redis: options.redis,
          keys: redisKeys(options.prefix),
          partition: Math.floor(Math.random() * options.partitions),
          streamBytes: limits.streamBytes,
          process: flowIdProcess(nextFlowId(0)),
          monitoring,
          logger,
          warn,
          onReady: () => recorder.resume(),
          onUnreachable() {
            recorder.unreachable();
            waiters.settle(true);
          },
        })
      : undefined;
  const recorder = new Recorder(
    { ...options.flush, maxEvents: limits.queueEvents, maxBytes: limits.queueBytes },
    redis?.sink ?? test?.sink ?? nowhere,
    warn,
    startTimer,
    createEventEncoder(attributes),
  );
  const deadlines = (ms: number, onDue: (flow: RecordedFlow) => void): Deadlines<RecordedFlow> =>
    new Deadlines(ms, clock.now, startTimer, onDue);
  const context: FlowContext = {
    clock,
    monitoring,
    recorder,
    heldFlows,
    attributes,
    nextFlowId,
    lateStarts: deadlines(LATE_START_MS, (flow) => flow.onLate()),
    timeouts: timeoutMs === undefined ? undefined : deadlines(timeoutMs, (flow) => flow.onTimeout()),
    misused: (code) => (misused[code] += 1),
  };
  const processText = `,"service":${jsonString(options.service)},"instance":${jsonString(options.instance)}`;
  const activeTraceId = enabled && options.traceId === 'otel' ? createOtelTraceId(warn) : () => undefined;
  const asksLate = [options.userId, options.sessionId, options.traceId, options.name].some((fn) => fn !== undefined);

  /** `,"attributes":{…}`, or empty. */
  const attributesText = (given: AttributesInput | undefined, name: string): string =>
    attributes.encode(attributes.hold(given, name)).text;

  /** See {@link FlowOrigin.startText}. @param name JSON text @param more from {@link attributesText} */
  function startText(name: string, traceId: unknown, more: string): string {
    const id = typeof traceId === 'string' ? cleanId(traceId) : undefined;
    return `,"name":${name}${processText}${id === undefined ? '' : `,"trace_id":${jsonString(id)}`}${more}`;
  }

  const ownFlows: FlowOrigin<Partial<FlowDetails>> = {
    startText: ({ name, traceId, attributes: given }) =>
      startText(nameText(name, 'flow'), traceId ?? activeTraceId(), attributesText(given, name ?? 'flow')),
    userId: ({ userId }) => userId,
    sessionId: ({ sessionId }) => sessionId,
    isSampled: () => isSampled(options.sample),
  };

  function createFlow<Source>(origin: FlowOrigin<Source>, source: Source): RecordedFlow {
    const flow = new RecordedFlow(context, origin, source);
    test?.onFlow(flow);
    return flow;
  }

  async function closeAll(withinMs: number): Promise<void> {
    const startedMs = clock.now();
    // Node calls back from `server.close` before the responses it has cut off emit `close`.
    if (openRequests > 0) {
      await waiters.until(() => openRequests === 0, withinMs * REQUESTS_SHARE, true);
      // The handlers that were cut off hear of it now, and may record it.
      await setImmediate();
    }
    await recorder.close(Math.max(0, withinMs - (clock.now() - startedMs)));
    context.lateStarts.close();
    context.timeouts?.close();
    silence();
    await redis?.close();
  }

  let closing: Promise<void> | undefined;

  return {
    enabled,
    attributesText,
    startText,
    activeTraceId,
    startFlow: (details: FlowDetails): Flow => {
      if (!enabled) return noopFlow;
      // A plain JavaScript caller may pass nothing, or change the object later.
      const flow = createFlow(ownFlows, { ...details });
      recordStart(flow);
      return flow;
    },
    /** Begins the flow of a request. {@link endRequest} must follow. */
    beginRequest<Source>(origin: FlowOrigin<Source>, source: Source): RecordedFlow {
      const flow = createFlow(origin, source);
      // The application's answer may depend on the request's async context.
      flow.startLate(asksLate ? new AsyncResource('FlowLateStart', { requireManualDestroy: true }) : undefined);
      flow.isOpen = true;
      openRequests += 1;
      return flow;
    },
    /** `close` no longer waits for that request. A second call changes nothing. */
    endRequest(flow: RecordedFlow): void {
      if (!flow.isOpen) return;
      flow.isOpen = false;
      openRequests -= 1;
      waiters.settle();
    },
    flush: (withinMs = DEFAULT_TIMEOUT_MS): Promise<boolean> => recorder.flush(withinMs),
    close: (withinMs = DEFAULT_TIMEOUT_MS): Promise<void> => (closing ??= closeAll(withinMs)),
    stats: (): FlowTrackingStats => ({
      ...recorder.stats(),
      misused: { ...misused },
      sampledOut: heldFlows.sampledOut,
      monitoring: { users: monitoring.size, loaded: monitoring.loaded },
      connected: redis?.isConnected() === true,
    }),
  };
}
