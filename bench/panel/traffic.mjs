import { setTimeout as delay } from 'node:timers/promises';

/** @typedef {import('@flow-tracking/express').Flow} Flow */

/**
 * A flow that is recorded step by step, and when each of its events was.
 *
 * @typedef {object} SentFlow
 * @property {string} id
 * @property {number[]} eventMs by `seq`, epoch ms; in order
 * @property {() => void} step records one event
 * @property {() => void} end
 */

/** Events in one round of a chat that calls tools, of which six begin a node. */
const ROUND = 10;

/** Milliseconds that no clock of the machine sets back; the browser's are the same. */
export const nowMs = () => performance.timeOrigin + performance.now();

/** @param {Flow} flow @returns {SentFlow} */
export function sentFlow(flow) {
  /** @type {number[]} */
  const eventMs = [];
  /** @type {import('@flow-tracking/express').TimedCheckpoint | undefined} */
  let llm;
  /** @type {import('@flow-tracking/express').TimedCheckpoint[]} */
  let tools = [];
  let at = 0;
  const note = () => {
    const ms = nowMs();
    // The flow's start is told with its first event, and whom it serves with that.
    if (eventMs.length === 0) eventMs.push(ms);
    eventMs.push(ms);
  };
  return {
    id: flow.id,
    eventMs,
    step() {
      if (at === 0) llm = flow.begin('llm_thinking', { 'gen_ai.request.model': 'sim-1' });
      else if (at <= 3)
        tools.push(/** @type {NonNullable<typeof llm>} */ (llm).begin('tool_call', { 'gen_ai.tool.name': 'search' }));
      else if (at <= 6) tools.shift()?.end();
      else if (at === 7) flow.checkpoint('usage_check', { tokens_left: 950 });
      else if (at === 8) llm?.end({ 'gen_ai.usage.output_tokens': 100 });
      else flow.checkpoint('llm_complete');
      note();
      at = (at + 1) % ROUND;
    },
    end() {
      for (const tool of tools.splice(0)) {
        tool.end();
        note();
      }
      if (at > 0 && at < 9) {
        llm?.end();
        note();
      }
      flow.end();
      note();
      tools = [];
    },
  };
}

/**
 * Calls at a steady rate, several times at once when it is behind.
 *
 * @param {{ rate: number, seconds: number, step: (i: number) => void }} options `rate`: calls a second
 */
export async function steadily({ rate, seconds, step }) {
  const startedMs = performance.now();
  for (let i = 0; i < rate * seconds; i++) {
    const waitMs = startedMs + (i * 1000) / rate - performance.now();
    if (waitMs > 1) await delay(waitMs);
    step(i);
  }
}

/**
 * Switches monitoring on for a user.
 *
 * @param {string} bridgeUrl @param {string} user
 */
export async function monitor(bridgeUrl, user) {
  const answer = await fetch(`${bridgeUrl}/api/v1/monitoring/enable/${user}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`enable: ${answer.status} ${await answer.text()}`);
}
