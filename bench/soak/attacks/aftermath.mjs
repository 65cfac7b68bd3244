import { createFlowIds, EVENTS_FIELD } from '@flow-tracking/protocol';
import { setTimeout as delay } from 'node:timers/promises';
import { chatEvents, CHECKPOINTS_PER_FLOW } from '../../bridge/flows.mjs';
import { openViewer } from '../../bridge/live/viewers.mjs';
import { PARTITIONS } from './field.mjs';

/** @typedef {import('./field.mjs').Field} Field */

const POLL_MS = 50;
const ASK_MS = 5_000;
/** Counters of what will never be in history. Entries, events or flows, whichever each counts. */
const TOLD = [
  'flow_bridge_history_trimmed_entries_total',
  'flow_bridge_history_dead_letters_total',
  'flow_bridge_history_flows_lost_total',
];

/**
 * @param {() => boolean | Promise<boolean>} isSo @param {number} limitMs
 * @returns {Promise<number | undefined>} ms until it was so; undefined: it was not
 */
export async function msUntil(isSo, limitMs) {
  const startedMs = performance.now();
  while (performance.now() - startedMs < limitMs) {
    if (await Promise.resolve(isSo()).catch(() => false)) return performance.now() - startedMs;
    await delay(POLL_MS);
  }
  return undefined;
}

/** The sum of {@link TOLD}, of all their series. @param {string} url */
export async function told(url) {
  const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(ASK_MS) })).text();
  return TOLD.reduce((sum, name) => {
    const samples = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
    return [...samples].reduce((subtotal, [, value]) => subtotal + Number(value), sum);
  }, 0);
}

/** Whether a new flow of each partition is answered, whole. @param {Field} field */
async function freshFlowsAnswered({ bridge, keys, redis }) {
  const nextFlowId = createFlowIds();
  /** @type {string[]} */
  const ids = [];
  for (let p = 0; p < PARTITIONS; p++) {
    const id = nextFlowId(Date.now());
    await redis.xadd(keys.stream(p), '*', EVENTS_FIELD, JSON.stringify(chatEvents(id, Date.now(), p)));
    ids.push(id);
  }
  return async () => {
    for (const id of ids) {
      const answer = await fetch(`${bridge.url}/api/v1/flows/${id}`, { signal: AbortSignal.timeout(ASK_MS) });
      const body = /** @type {{ checkpoints?: unknown[] }} */ (await answer.json());
      if (!answer.ok || body.checkpoints?.length !== CHECKPOINTS_PER_FLOW) return false;
    }
    return true;
  };
}

/** How long a new viewer waits for its snapshot. @param {Field} field @param {string} userId @param {number} limitMs */
export async function snapshotMs({ bridge }, userId, limitMs) {
  const startedMs = performance.now();
  let isThere = false;
  const viewer = await Promise.race([
    openViewer(Number(new URL(bridge.url).port), `/ws/flows/${userId}`, (text) => {
      if (text.indexOf('"type":"snapshot"') !== -1) isThere = true;
    }).catch(() => undefined),
    delay(limitMs, undefined),
  ]);
  const waitedMs = await msUntil(() => isThere, Math.max(0, limitMs - (performance.now() - startedMs)));
  viewer?.close();
  return waitedMs === undefined ? undefined : performance.now() - startedMs;
}

/** Whether what is published reaches a new viewer. @param {Field} field @param {number} limitMs */
async function isLive({ bridge, keys, redis }, limitMs) {
  const userId = `after-${Date.now()}`;
  let came = false;
  const port = Number(new URL(bridge.url).port);
  const viewer = await Promise.race([
    openViewer(port, `/ws/flows/${userId}`, (text) => {
      if (text.indexOf('"events":[') !== -1) came = true;
    }),
    delay(limitMs, undefined, { ref: false }),
  ]);
  if (viewer === undefined) return false;
  const frame = JSON.stringify({ type: 'events', user_id: userId, events: [] });
  const ms = await msUntil(async () => {
    await redis.publish(keys.live(userId), frame);
    return came;
  }, limitMs);
  viewer.close();
  return ms !== undefined;
}

/** How many of the flows are in Redis yet. @param {Field} field @param {readonly string[]} flowIds */
async function stillHeld({ keys, redis }, flowIds) {
  const wanted = new Set(flowIds);
  /** @type {Set<string>} */
  const held = new Set();
  for (let p = 0; p < PARTITIONS; p++) {
    for (const [, fields] of await redis.xrange(keys.stream(p), '-', '+')) {
      for (const { flow_id: id } of JSON.parse(fields[1] ?? '[]')) if (wanted.has(id)) held.add(id);
    }
  }
  return held.size;
}

/**
 * Looks whether all works as before: new flows are answered, viewers are live, streams are settled, and history has what
 * Redis acknowledged, once.
 *
 * @param {Field} field
 * @param {{ acknowledged: string[], toldBefore: number, limitMs: number }} options
 * @returns {Promise<{ recoveredMs: number | undefined, lost: number, doubled: number, told: number, broken: string[] }>}
 */
export async function lookAround(field, { acknowledged, toldBefore, limitMs }) {
  const { bridge, keys, redis, postgres } = field;
  /** @type {string[]} */
  const broken = [];
  const startedMs = performance.now();
  const isAnswered = await freshFlowsAnswered(field);
  const answeredMs = await msUntil(isAnswered, limitMs);
  if (answeredMs === undefined) broken.push('new flows are not answered');
  if (!(await isLive(field, limitMs).catch(() => false))) broken.push('viewers are not live');
  const settledMs = await msUntil(async () => {
    const lengths = await Promise.all(Array.from({ length: PARTITIONS }, (_, p) => redis.xlen(keys.stream(p))));
    return lengths.every((length) => length === 0);
  }, limitMs);
  if (settledMs === undefined) broken.push('streams are not settled');
  const recoveredMs = performance.now() - startedMs;
  // Each of them within its limit may be all of them beyond it.
  if (broken.length === 0 && recoveredMs > limitMs)
    broken.push(`works again only after ${(recoveredMs / 1000).toFixed(1)} s`);

  const { rows } = await postgres.query(
    `SELECT
      (SELECT count(*)::int FROM flow.flows
        WHERE flow_id = ANY ($1) AND status = 'ok' AND checkpoint_count = ${CHECKPOINTS_PER_FLOW}) AS whole,
      (SELECT count(*)::int FROM flow.checkpoints WHERE status <> 'running') AS ended,
      (SELECT COALESCE(sum(count), 0)::int FROM flow.checkpoint_stats WHERE slot_s = 60) AS counted`,
    [acknowledged],
  );
  const { whole, ended, counted } = /** @type {{ whole: number, ended: number, counted: number }} */ (rows[0]);
  const lost = acknowledged.length - whole - (settledMs === undefined ? await stillHeld(field, acknowledged) : 0);
  // A row has a key, so what is written twice shows in the roll-up.
  const doubled = Math.max(0, counted - ended);
  if (doubled > 0) broken.push(`${doubled} checkpoints counted twice`);
  const toldNow = (await told(bridge.url).catch(() => toldBefore)) - toldBefore;
  return { recoveredMs: broken.length > 0 ? undefined : recoveredMs, lost, doubled, told: toldNow, broken };
}
