import { AsyncResource } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { createFlowIds, flowIdProcess, redisKeys } from '@flow-tracking/protocol';
import { createAttributeEncoder } from '../encode/attributes';
import { createCheckpointNames } from '../encode/event-text';
import { cleanId, createNameText, jsonString } from '../encode/text';
import type { AttributesInput, Flow } from '../flow/api';
import { noopFlow } from '../flow/context';
import { RecordedFlow } from '../flow/flow';
import type { FlowContext, FlowOrigin, MisuseCode } from '../flow/flow-writer';
import { HeldFlows } from '../flow/send-queue';
import { createClock } from '../record/clock';
import { createGate, createWarn } from '../record/logger';
import { MonitoringSet } from '../record/monitoring';
import { Recorder, type RecorderStats, type Sink } from '../record/recorder';
import { createRootTimers, Deadlines } from '../record/timers';
import { createConnections } from '../redis/connection';
import { startHeartbeat } from '../redis/heartbeat';
import { MonitoringSync } from '../redis/monitoring-sync';
import { createRedisSink } from '../redis/sink';
import { logConnection, logWrites } from '../redis/write-log';
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
  readonly createFlow: (origin: FlowOrigin) => RecordedFlow;
  /** JSON text of the attributes and trace id that an origin gives. */
  readonly optionalText: (attributes: AttributesInput | undefined, traceId: unknown, name: string) => string;
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

/**
 * Wires the parts and opens the connections to Redis, without waiting for them.
 *
 * @param sink takes the place of Redis, so that no connection is opened
 */
export function createTracker(options: ResolvedOptions, sink?: Sink): Tracker {
  const { logger, shut: silence } = createGate(options.logger);
  const warn = createWarn(logger);
  const requests = new OpenRequests();
  const keys = redisKeys(options.prefix);
  const clock = createClock();
  const startTimer = createRootTimers();
  const heldFlows = new HeldFlows(options.limits.queueBytes / 4);
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

  const connections = options.enabled && sink === undefined ? createConnections(options.redis, warn) : undefined;
  const partition = Math.floor(Math.random() * options.partitions);
  const { streamBytes } = options.limits;
  const recorder = new Recorder(
    {
      liveMs: options.flush.liveMs,
      idleMs: options.flush.idleMs,
      batchBytes: options.flush.batchBytes,
      maxEvents: options.limits.queueEvents,
      maxBytes: options.limits.queueBytes,
    },
    connections === undefined
      ? (sink ?? { isReady: () => false, write: () => Promise.resolve({ stored: 0, unpublished: [] }) })
      : logWrites(createRedisSink(connections.writer, { keys, partition, streamBytes }), logger, keys),
    warn,
    startTimer,
  );
  const lateStarts = new Deadlines(LATE_START_MS, clock.now, startTimer);
  const timeouts =
    options.timeoutMs === undefined ? undefined : new Deadlines(options.timeoutMs, clock.now, startTimer);
  const nextFlowId = createFlowIds();
  const context: FlowContext = {
    clock,
    monitoring,
    recorder,
    heldFlows,
    lateStarts,
    attributes: createAttributeEncoder(options.limits, options.redact),
    nextFlowId,
    checkpointNames: createCheckpointNames(),
    processText: `,"service":${jsonString(options.service)},"instance":${jsonString(options.instance)}`,
    misused: (code) => {
      misused[code] += 1;
    },
  };
  const flowName = createNameText('flow');
  const activeTraceId = options.enabled && options.traceId === 'otel' ? createOtelTraceId(warn) : () => undefined;
  const { userId: askUser, sessionId: askSession, traceId: askTrace, name: askName } = options;
  const asksLate = [askUser, askSession, askTrace, askName].some((fn) => fn !== undefined);

  let sync: MonitoringSync | undefined;
  let heartbeat: { stop(): void } | undefined;
  if (connections !== undefined) {
    const { writer } = connections;
    const monitoringSync = new MonitoringSync({ writer, keys, monitoring, warn });
    sync = monitoringSync;
    monitoringSync.start();
    heartbeat = startHeartbeat(writer, keys, flowIdProcess(nextFlowId(0)));
    logConnection(writer, logger);
    let wasReady = false;
    writer.on('ready', () => {
      wasReady = true;
      recorder.resume();
    });
    const onLost = (): void => {
      if (!wasReady) {
        recorder.unreachable();
        requests.giveUp();
      }
      wasReady = false;
    };
    writer.on('close', onLost);
    // Without a `close` before it: no sentinel has answered.
    writer.on('end', onLost);
    connections.open((subscriber) => {
      monitoringSync.listen(subscriber);
    });
  }

  const optionalText = (attributes: AttributesInput | undefined, traceId: unknown, name: string): string => {
    const id = typeof traceId === 'string' ? cleanId(traceId) : undefined;
    const traceText = id === undefined ? '' : `,"trace_id":${jsonString(id)}`;
    return traceText + context.attributes.encode(attributes, name).text;
  };

  async function closeAll(timeoutMs: number): Promise<void> {
    const startedMs = clock.now();
    // Node calls back from `server.close` before the responses that it cut off emit `close`.
    if (requests.count > 0) {
      await requests.ended(timeoutMs * REQUESTS_SHARE);
      // What was cut off hears of it, and may record that, too.
      await setImmediate();
    }
    await recorder.close(Math.max(0, timeoutMs - (clock.now() - startedMs)));
    lateStarts.close();
    timeouts?.close();
    sync?.close();
    heartbeat?.stop();
    silence();
    await connections?.close();
  }

  let closing: Promise<void> | undefined;

  return {
    enabled: options.enabled,
    startFlow(details) {
      if (!options.enabled) return noopFlow;
      // A plain JavaScript caller may pass nothing.
      const { name, userId, sessionId, traceId, attributes } = { ...details } as Partial<FlowDetails>;
      const flow = new RecordedFlow(context, {
        nameText: () => flowName(name),
        userId: () => userId,
        sessionId: () => sessionId,
        optionalText: () => optionalText(attributes, traceId ?? activeTraceId(), name ?? 'flow'),
        isSampled: () => isSampled(options.sample),
      });
      if (timeouts !== undefined) flow.endBy(timeouts);
      flow.start();
      return flow;
    },
    createFlow(origin) {
      const flow = new RecordedFlow(context, origin);
      if (timeouts !== undefined) flow.endBy(timeouts);
      if (asksLate) {
        // The application's answer may depend on the request's async context.
        const scope = new AsyncResource('FlowLateStart', { requireManualDestroy: true });
        flow.startLate({
          onDue: () => {
            scope.runInAsyncScope(() => {
              flow.start();
            });
          },
        });
      } else flow.startLate();
      return flow;
    },
    optionalText,
    requests,
    activeTraceId,
    flush: (timeoutMs = DEFAULT_TIMEOUT_MS) => recorder.flush(timeoutMs),
    close(timeoutMs = DEFAULT_TIMEOUT_MS) {
      closing ??= closeAll(timeoutMs);
      return closing;
    },
    stats: () => ({
      ...recorder.stats(),
      misused: { ...misused },
      sampledOut: heldFlows.sampledOut,
      monitoring: { users: monitoring.size, loaded: monitoring.loaded },
      connected: connections?.writer.status === 'ready',
    }),
  };
}
