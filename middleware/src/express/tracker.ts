import { AsyncResource } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { createFlowIds, flowIdProcess, redisKeys } from '@flow-tracking/protocol';
import { createAttributeEncoder } from '../encode/attributes';
import { createEventEncoder } from '../encode/event-text';
import { cleanId, createNameText, jsonString } from '../encode/text';
import { type AttributesInput, type Flow, noopFlow } from '../flow/api';
import { RecordedFlow } from '../flow/flow';
import type { FlowContext, FlowOrigin, MisuseCode } from '../flow/flow-state';
import { HeldFlows } from '../flow/send-queue';
import { createGate, createWarn } from '../record/logger';
import type { RecorderStats, Sink } from '../record/batch';
import { Recorder } from '../record/recorder';
import { createClock, createRootTimers, Deadlines } from '../record/time';
import { createRedisSide } from '../redis/connection';
import { MonitoringSet } from '../redis/monitoring';
import { createOtelTraceId, isSampled } from './http-origin';
import { OpenRequests } from './open-requests';
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

/** The recording of one process: it makes flows and writes their events. */
export interface Tracker {
  readonly enabled: boolean;
  readonly startFlow: (details: FlowDetails) => Flow;
  /** For flows that learn their name later; the caller ends them. */
  readonly createFlow: <Source>(origin: FlowOrigin<Source>, source: Source) => RecordedFlow;
  /** What an origin's start says. @param nameText JSON text @param attributesText of {@link Tracker.attributesText} */
  readonly startText: (nameText: string, traceId: unknown, attributesText: string) => string;
  /** `,"attributes":{…}`, or empty. */
  readonly attributesText: (attributes: AttributesInput | undefined, name: string) => string;
  /** The HTTP requests that are recorded now, which {@link close} lets end. */
  readonly requests: OpenRequests;
  /** Of OpenTelemetry's active span, if the option asks for it. */
  readonly activeTraceId: () => string | undefined;
  readonly flush: (timeoutMs?: number) => Promise<boolean>;
  readonly close: (timeoutMs?: number) => Promise<void>;
  readonly stats: () => FlowTrackingStats;
}

/** Shorter than the 5 s after which Jest fails a hook that waits for it. */
const DEFAULT_TIMEOUT_MS = 3000;
/** Share of the time of `close` for which running requests are waited for; the rest is for what they record last. */
const REQUESTS_SHARE = 0.75;
/** A flow that has recorded nothing for this long (to twice this) records its start, so that a hang is seen. */
const LATE_START_MS = 100;

const nowhere: Sink = { isReady: () => false, write: () => Promise.resolve({ stored: 0, unpublished: [] }) };

/**
 * Wires the parts and opens the connections to Redis, without waiting for them.
 *
 * @param sink takes the place of Redis, so that no connection is opened
 */
export function createTracker(options: ResolvedOptions, sink?: Sink): Tracker {
  const { enabled, limits, flush } = options;
  const { logger, shut: silence } = createGate(options.logger);
  const warn = createWarn(logger);
  const requests = new OpenRequests();
  const clock = createClock();
  const startTimer = createRootTimers();
  const heldFlows = new HeldFlows(limits.queueBytes / 4);
  const monitoring = new MonitoringSet((userId) => {
    heldFlows.granted(userId);
  });
  const misused: Record<MisuseCode, number> = {
    ended_twice: 0,
    invalid_id: 0,
    invalid_status: 0,
    invalid_time: 0,
    internal: 0,
  };
  const nextFlowId = createFlowIds();
  const redis =
    enabled && sink === undefined
      ? createRedisSide({
          redis: options.redis,
          keys: redisKeys(options.prefix),
          partition: Math.floor(Math.random() * options.partitions),
          streamBytes: limits.streamBytes,
          process: flowIdProcess(nextFlowId(0)),
          monitoring,
          logger,
          warn,
        })
      : undefined;
  const attributes = createAttributeEncoder(limits, options.redact);
  const recorder = new Recorder(
    { ...flush, maxEvents: limits.queueEvents, maxBytes: limits.queueBytes },
    redis?.sink ?? sink ?? nowhere,
    warn,
    startTimer,
    createEventEncoder(attributes),
  );
  const lateStarts = new Deadlines(LATE_START_MS, clock.now, startTimer);
  const { timeoutMs } = options;
  const timeouts = timeoutMs === undefined ? undefined : new Deadlines(timeoutMs, clock.now, startTimer);
  const context: FlowContext = {
    clock,
    monitoring,
    recorder,
    heldFlows,
    lateStarts,
    attributes,
    nextFlowId,
    misused: (code) => {
      misused[code] += 1;
    },
  };
  const processText = `,"service":${jsonString(options.service)},"instance":${jsonString(options.instance)}`;
  const flowName = createNameText('flow');
  const activeTraceId = enabled && options.traceId === 'otel' ? createOtelTraceId(warn) : () => undefined;
  const asksLate = [options.userId, options.sessionId, options.traceId, options.name].some((fn) => fn !== undefined);
  redis?.open({
    onReady() {
      recorder.resume();
    },
    onUnreachable() {
      recorder.unreachable();
      requests.giveUp();
    },
  });

  const attributesText: Tracker['attributesText'] = (given, name) =>
    attributes.encode(attributes.hold(given, name)).text;

  const startText: Tracker['startText'] = (nameText, traceId, text) => {
    const id = typeof traceId === 'string' ? cleanId(traceId) : undefined;
    const traceText = id === undefined ? '' : `,"trace_id":${jsonString(id)}`;
    return `,"name":${nameText}${processText}${traceText}${text}`;
  };

  const ownFlows: FlowOrigin<Partial<FlowDetails>> = {
    startText: ({ name, traceId, attributes: given }) =>
      startText(flowName(name), traceId ?? activeTraceId(), attributesText(given, name ?? 'flow')),
    userId: ({ userId }) => userId,
    sessionId: ({ sessionId }) => sessionId,
    isSampled: () => isSampled(options.sample),
  };

  function create<Source>(origin: FlowOrigin<Source>, source: Source): RecordedFlow {
    const flow = new RecordedFlow(context, origin, source);
    if (timeouts !== undefined) flow.endBy(timeouts);
    return flow;
  }

  async function closeAll(withinMs: number): Promise<void> {
    const startedMs = clock.now();
    // Node calls back from `server.close` before the responses that it cut off emit `close`.
    if (requests.count > 0) {
      await requests.ended(withinMs * REQUESTS_SHARE);
      // What was cut off hears of it, and may record that, too.
      await setImmediate();
    }
    await recorder.close(Math.max(0, withinMs - (clock.now() - startedMs)));
    lateStarts.close();
    timeouts?.close();
    silence();
    await redis?.close();
  }

  let closing: Promise<void> | undefined;

  return {
    enabled,
    startFlow(details) {
      if (!enabled) return noopFlow;
      // A plain JavaScript caller may pass nothing, and change it later.
      const flow = create(ownFlows, { ...details });
      flow.start();
      return flow;
    },
    createFlow(origin, source) {
      const flow = create(origin, source);
      // The application's answer may depend on the request's async context.
      const scope = asksLate ? new AsyncResource('FlowLateStart', { requireManualDestroy: true }) : undefined;
      flow.startLate(scope);
      return flow;
    },
    startText,
    attributesText,
    requests,
    activeTraceId,
    flush: (withinMs = DEFAULT_TIMEOUT_MS) => recorder.flush(withinMs),
    close(withinMs = DEFAULT_TIMEOUT_MS) {
      closing ??= closeAll(withinMs);
      return closing;
    },
    stats: () => ({
      ...recorder.stats(),
      misused: { ...misused },
      sampledOut: heldFlows.sampledOut,
      monitoring: { users: monitoring.size, loaded: monitoring.loaded },
      connected: redis?.isConnected() === true,
    }),
  };
}
