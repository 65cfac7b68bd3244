import { CHECK_FLOW, createFlowIds, type Check, type FlowEvent } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../errors';
import type { LiveHub } from '../live/live-hub';
import type { Viewer } from '../live/viewer';
import type { Pool } from '../platform/postgres/pool';
import { fail, ok, skip, warn, type Finding } from './check';
import type { RedisInspection } from './redis-inspection';
import { hasFlow, removeFlow } from './sent-flow-store';

/** How long a viewer may take to be subscribed; its snapshot may be slow, and live frames wait behind that. */
const SUBSCRIBE_MS = 1_500;
const LIVE_MS = 2_500;
const HISTORY_MS = 3_500;
const POLL_MS = 10;
const PARTITION = 0;

const HOPS = {
  flow_recorded: 'A test flow is taken by Redis',
  flow_live: 'The test flow is seen live',
  flow_stored: 'The test flow is in history',
} as const;

export interface FlowCheckSources {
  redis: Pick<RedisInspection, 'record' | 'publish'>;
  pool: Pool;
  hub: Pick<LiveHub, 'watch' | 'remove'>;
  /** Settles an entry that history is not to have. */
  settle: (partition: number, entryId: string) => Promise<void>;
  instance: string;
}

export interface FlowCheckResult {
  checks: Check[];
  /** The flow, when it is kept and history has it. */
  flowId: string | null;
}

/** How a run is made. */
export interface FlowCheckRun {
  canAskRedis: boolean;
  canAskPostgres: boolean;
  /** False: the flow is removed from history again. */
  keeps: boolean;
}

/** Sends one flow through the whole chain, as a middleware would, and times each hop. */
export function createFlowCheck(sources: FlowCheckSources): (run: FlowCheckRun) => Promise<FlowCheckResult> {
  const { redis, pool, hub, settle, instance } = sources;
  const nextFlowId = createFlowIds();

  return async ({ canAskRedis, canAskPostgres, keeps }) => {
    if (!canAskRedis) {
      const all = skip('Not sent: redis_reachable fails');
      return { checks: toChecks({ flow_recorded: all, flow_live: all, flow_stored: all }), flowId: null };
    }
    const events = createEvents(nextFlowId(Date.now()), instance);
    const flowId = events[0].flow_id;
    const viewer = createViewer(flowId);
    try {
      await Promise.race([hub.watch(viewer, CHECK_FLOW.user), delay(SUBSCRIBE_MS)]);
      const sent = await send(events);
      if (typeof sent.entry !== 'string') {
        const notSent = skip('Not looked at: flow_recorded fails');
        return {
          checks: toChecks({ flow_recorded: sent.finding, flow_live: notSent, flow_stored: notSent }),
          flowId: null,
        };
      }
      const [live, stored] = await Promise.all([
        followLive(viewer, sent.atMs),
        canAskPostgres ? followHistory(flowId, sent.atMs, keeps) : forget(sent.entry),
      ]);
      return {
        checks: toChecks({ flow_recorded: sent.finding, flow_live: live, flow_stored: stored }),
        flowId: keeps && stored.status === 'ok' ? flowId : null,
      };
    } finally {
      hub.remove(viewer);
    }
  };

  async function send(
    events: readonly FlowEvent[],
  ): Promise<{ entry: string | undefined; atMs: number; finding: Finding }> {
    const atMs = performance.now();
    try {
      const [entry] = await Promise.all([redis.record(PARTITION, events), redis.publish(CHECK_FLOW.user, events)]);
      return { entry, atMs, finding: ok(`Written and published in ${msSince(atMs)}`) };
    } catch (error) {
      const fix =
        'See the log of Redis: it may be full, read-only, or its user may not write to streams and channels (ACL)';
      return { entry: undefined, atMs, finding: fail(messageOf(error), fix) };
    }
  }

  async function followLive(viewer: CheckViewer, atMs: number): Promise<Finding> {
    const seenAtMs = await Promise.race([viewer.seen, delay(LIVE_MS)]);
    if (seenAtMs !== undefined) return ok(`Seen after ${(seenAtMs - atMs).toFixed(1)} ms`);
    return fail(
      `Published, and not seen in ${LIVE_MS} ms`,
      'The bridge does not hear what is published: see its log for the connection "live", and whether its Redis user may ' +
        'SUBSCRIBE to its channels (ACL)',
    );
  }

  async function followHistory(flowId: string, atMs: number, keeps: boolean): Promise<Finding> {
    try {
      if (!(await isStored(flowId))) {
        return fail(
          `Not in Postgres after ${HISTORY_MS} ms; it comes later, as a flow of the user ${CHECK_FLOW.user}`,
          'See the checks "stream_lag" and "history_writer"',
        );
      }
    } catch (error) {
      return fail(messageOf(error), 'See the checks of Postgres');
    }
    const detail = `In Postgres after ${msSince(atMs)}`;
    if (keeps) return ok(`${detail}; kept as a flow of the user ${CHECK_FLOW.user}`);
    try {
      await removeFlow(pool, flowId);
      return ok(`${detail}, and removed again`);
    } catch (error) {
      return warn(
        `${detail}, and not removed (${messageOf(error)}): it is a flow of the user ${CHECK_FLOW.user}`,
        'The role of DATABASE_URL must be able to DELETE in the schema flow',
      );
    }
  }

  /** False when it is not there in {@link HISTORY_MS}, also when Postgres does not even say so. */
  async function isStored(flowId: string): Promise<boolean> {
    let isOver = false;
    const poll = async (): Promise<boolean> => {
      while (!isOver) {
        if (await hasFlow(pool, flowId)) return true;
        await delay(POLL_MS);
      }
      return false;
    };
    const polling = poll();
    // What it says after the deadline is nobody's.
    polling.catch(() => undefined);
    try {
      return await Promise.race([polling, delay(HISTORY_MS, false)]);
    } finally {
      isOver = true;
    }
  }

  /** Nobody could say whether it arrives, so it is not to arrive later. */
  async function forget(entryId: string): Promise<Finding> {
    await settle(PARTITION, entryId).catch(() => undefined);
    return skip('Not looked at: postgres_reachable fails');
  }
}

const msSince = (atMs: number): string => `${(performance.now() - atMs).toFixed(1)} ms`;

function toChecks(findings: Record<keyof typeof HOPS, Finding>): Check[] {
  return Object.entries(HOPS).map(([id, title]) => ({ id, title, ...findings[id as keyof typeof HOPS] }));
}

interface CheckViewer extends Viewer {
  /** When it was first seen live, by `performance.now()`. */
  readonly seen: Promise<number>;
}

/** A viewer like any other, that looks for one flow in what is relayed. A snapshot comes from history, so it counts for nothing. */
function createViewer(flowId: string): CheckViewer {
  let tell: (atMs: number) => void = () => undefined;
  const seen = new Promise<number>((resolve) => (tell = resolve));
  const look = (bytes: Buffer): void => {
    if (bytes.includes(flowId)) tell(performance.now());
  };
  return {
    seen,
    send: () => undefined,
    relay: look,
    show: (_snapshot, backlog) => backlog.forEach(look),
    isReady: () => true,
  };
}

/** One timed checkpoint, which lasts a millisecond. */
function createEvents(flow_id: string, instance: string): readonly [FlowEvent, ...FlowEvent[]] {
  const ts = Date.now();
  const { user, checkpoint, name, service } = CHECK_FLOW;
  const node = { node_id: 1, parent_id: null, checkpoint } as const;
  return [
    { type: 'flow_start', flow_id, seq: 0, ts, session_id: flow_id, name, service, instance, user_id: user },
    { type: 'checkpoint', flow_id, seq: 1, ts, ...node, status: 'running' },
    { type: 'checkpoint_end', flow_id, seq: 2, ts: ts + 1, ...node, started_ts: ts, status: 'ok', duration_ms: 1 },
    { type: 'flow_end', flow_id, seq: 3, ts: ts + 1, status: 'ok', duration_ms: 1 },
  ];
}
