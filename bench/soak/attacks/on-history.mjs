import { createFlowIds, EVENTS_FIELD } from '@flow-tracking/protocol';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { chatEvents } from '../../bridge/flows.mjs';
import { msUntil, snapshotMs } from './aftermath.mjs';
import { EXPORTS } from './field.mjs';

/** @typedef {import('./field.mjs').Field} Field */
/** @typedef {import('./all.mjs').Attack} Attack */

const FAT_NODE_BYTES = 16 * 1024;
const FAT_USER = 'fat-user';
const NODES_AN_ENTRY = 50;
const MOST_WAITING = 8;
const WRITE_LIMIT_MS = 240_000;
const READ_LIMIT_MS = 60_000;
const READERS = 4;
const CHURNED_IDS = 128;
/** Within which a client over its limit is closed, and with what. */
const CUT_OFF_MS = 1_000;
const TOO_MANY_FRAMES = 4029;
const SNAPSHOT_LIMIT_MS = 2_000;
/** Of what the churning client may have unsent, so that it is not its own memory that ends the attack. */
const MOST_BUFFERED_BYTES = 4 * 2 ** 20;

const fatText = () => randomBytes((FAT_NODE_BYTES * 3) / 4).toString('base64');

/** Writes a running flow of fat checkpoints; resolves when it is in history. @param {Field} field @param {number} nodes */
async function writeFatFlow({ keys, redis, postgres }, nodes) {
  const ts = Date.now();
  const flow_id = createFlowIds()(ts);
  const start = { type: 'flow_start', session_id: flow_id, name: 'POST /fat', service: 'chat', instance: 'chat-1' };
  const told = { type: 'flow_identified', user_id: FAT_USER };
  /** @type {Record<string, unknown>[]} */
  let block = [start, told].map((event, seq) => ({ ...event, flow_id, seq, ts: ts + seq }));
  for (let seq = 2; seq < nodes + 2; seq++) {
    const attributes = { text: fatText() };
    const node = {
      type: 'checkpoint',
      node_id: seq,
      parent_id: null,
      checkpoint: 'step',
      status: 'ok',
      duration_ms: 1,
    };
    block.push({ ...node, flow_id, seq, ts: ts + seq, attributes });
    if (block.length < NODES_AN_ENTRY && seq < nodes + 1) continue;
    await redis.xadd(keys.stream(0), '*', EVENTS_FIELD, JSON.stringify(block));
    block = [];
    // The bridge's own pace, so that it is reading that is attacked, and not Redis that is filled.
    while ((await redis.xlen(keys.stream(0))) > MOST_WAITING) await delay(20);
  }
  const writtenMs = await msUntil(async () => {
    const { rows } = await postgres.query('SELECT count(*)::int AS n FROM flow.checkpoints WHERE flow_id = $1', [
      flow_id,
    ]);
    return Number(rows[0]?.n) >= nodes;
  }, WRITE_LIMIT_MS);
  if (writtenMs === undefined) throw new Error('the fat flow was not written');
  return flow_id;
}

/** Reads a flow page by page. @param {string} url @param {AbortSignal} signal @returns {Promise<number>} checkpoints */
async function readPages(url, signal) {
  let nodes = 0;
  /** @type {string | null | undefined} */
  let cursor;
  do {
    const answer = await fetch(cursor ? `${url}?cursor=${encodeURIComponent(cursor)}` : url, { signal });
    const body = /** @type {{ checkpoints?: unknown[], next_cursor?: string | null }} */ (await answer.json());
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    nodes += body.checkpoints?.length ?? 0;
    cursor = body.next_cursor;
  } while (cursor);
  return nodes;
}

/** @type {Attack} */
export const fatFlow = {
  name: 'fat-flow',
  what: 'a flow of 20,000 × 16 KB, opened by viewers over HTTP and WebSocket',
  async strike(field) {
    const nodes = field.isQuick ? 4_000 : 20_000;
    const flowId = await writeFatFlow(field, nodes);
    const signal = AbortSignal.timeout(READ_LIMIT_MS);
    const watching = Promise.all(
      Array.from({ length: READERS }, () => snapshotMs(field, FAT_USER, READ_LIMIT_MS).catch(() => undefined)),
    );
    const reading = Promise.allSettled(
      Array.from({ length: READERS }, () => readPages(`${field.bridge.url}/api/v1/flows/${flowId}`, signal)),
    );
    const whole = (await reading).filter((read) => read.status === 'fulfilled' && read.value === nodes).length;
    const seen = (await watching).filter((ms) => ms !== undefined).length;
    const broken = [];
    if (whole < READERS) broken.push(`${READERS - whole} of ${READERS} readers did not get the whole flow`);
    if (seen < READERS) broken.push(`${READERS - seen} of ${READERS} viewers got no snapshot`);
    return { broken };
  },
};

/**
 * Reads one piece a second.
 *
 * @param {Field} field @param {() => boolean} isOver
 * @returns {Promise<string>} the status that the export was answered with; empty: none
 */
async function exportSlowly({ bridge }, isOver) {
  const { hostname, port } = new URL(bridge.url);
  const socket = connect({ host: hostname, port: Number(port) });
  let isOpen = true;
  let status = '';
  socket.on('error', () => (isOpen = false));
  socket.on('close', () => (isOpen = false));
  socket.on('data', (piece) => {
    if (status === '') status = piece.toString('latin1', 9, 12);
    socket.pause();
  });
  socket.write(`GET /api/v1/flows/export HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
  while (isOpen && !isOver()) {
    socket.resume();
    await delay(1_000);
  }
  socket.destroy();
  return status;
}

/** @type {Attack} */
export const slowExports = {
  name: 'slow-exports',
  what: `${EXPORTS} exports that are read slowly`,
  async strike(field) {
    const { keys, redis } = field;
    const flows = field.isQuick ? 2_000 : 6_000;
    const nextFlowId = createFlowIds();
    for (let n = 0; n < flows; n++) {
      const ts = Date.now();
      const events = chatEvents(nextFlowId(ts), ts, n);
      events[0] = { ...events[0], attributes: { text: fatText() } };
      await redis.xadd(keys.stream(n % 4), '*', EVENTS_FIELD, JSON.stringify(events));
      if (n % 100 === 0) while ((await redis.xlen(keys.stream(0))) > 200) await delay(20);
    }
    const endMs = performance.now() + (field.isQuick ? 15_000 : 60_000);
    const exports = Array.from({ length: EXPORTS }, () => exportSlowly(field, () => performance.now() > endMs));
    const given = (await Promise.all(exports)).filter((status) => status === '200').length;
    const note = `${given} of ${EXPORTS} exports were given`;
    return { broken: given === 0 ? [note] : [], note };
  },
};

/**
 * Subscribes and unsubscribes fresh ids without pause until the bridge closes the connection.
 *
 * @param {Field} field
 * @param {() => boolean} isOver
 * @returns {Promise<{ code: number | undefined, tookMs: number }>} the close code; undefined: it was never closed
 */
async function churnOnce(field, isOver) {
  const socket = new WebSocket(`${field.bridge.url.replace('http', 'ws')}/ws/flows`);
  /** @type {number | undefined} */
  let code;
  socket.on('error', () => undefined);
  socket.on('close', (closeCode) => (code = closeCode));
  await msUntil(() => socket.readyState === WebSocket.OPEN, 5_000);
  const startedMs = performance.now();
  for (let round = 0; socket.readyState === WebSocket.OPEN && !isOver(); round++) {
    const users = Array.from({ length: CHURNED_IDS }, (_, id) => `churn-${startedMs}-${round}-${id}`);
    for (const type of ['subscribe', 'unsubscribe']) socket.send(JSON.stringify({ type, users }));
    if (round % 20 === 0) await delay(1);
    while (socket.bufferedAmount > MOST_BUFFERED_BYTES && !isOver()) await delay(1);
  }
  const tookMs = performance.now() - startedMs;
  await msUntil(() => code !== undefined, CUT_OFF_MS);
  socket.terminate();
  return { code, tookMs };
}

/** @type {Attack} */
export const churn = {
  name: 'churn',
  what: 'a client that subscribes and unsubscribes 128 fresh ids without pause, and comes back when it is cut off',
  async strike(field) {
    const endMs = performance.now() + (field.isQuick ? 10_000 : 30_000);
    const isOver = () => performance.now() > endMs;
    let slowestMs = 0;
    const others = (async () => {
      while (!isOver()) {
        slowestMs = Math.max(slowestMs, (await snapshotMs(field, 'user-7', 30_000).catch(() => undefined)) ?? 30_000);
        await delay(500);
      }
    })();
    let cutOffs = 0;
    let longestMs = 0;
    const codes = new Set();
    while (!isOver()) {
      const { code, tookMs } = await churnOnce(field, isOver);
      // The end came before the bridge had to act.
      if (isOver() && tookMs <= CUT_OFF_MS) break;
      cutOffs += 1;
      codes.add(code ?? 'nothing');
      longestMs = Math.max(longestMs, tookMs);
    }
    await others;
    const broken = [];
    if (slowestMs > SNAPSHOT_LIMIT_MS) broken.push(`another viewer's snapshot took ${slowestMs.toFixed(0)} ms`);
    if (longestMs > CUT_OFF_MS) broken.push(`was cut off after ${longestMs.toFixed(0)} ms`);
    if (cutOffs === 0 || [...codes].some((code) => code !== TOO_MANY_FRAMES)) {
      broken.push(`was closed with ${[...codes].join(', ')}, not ${TOO_MANY_FRAMES}`);
    }
    const note = `cut off ${cutOffs} times, the last to notice took ${longestMs.toFixed(0)} ms; slowest snapshot of another ${slowestMs.toFixed(0)} ms`;
    return { broken, note };
  },
};
