import { quantile } from '../quantile.mjs';

/** @typedef {import('./panel-page.mjs').Frame} Frame */
/** @typedef {import('./traffic.mjs').SentFlow} SentFlow */

/** How many of a sorted list are at most `ms`. @param {number[]} sorted @param {number} ms */
function countUntil(sorted, ms) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (sorted[middle]) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * How far the panel was behind what had been recorded, frame by frame: in events, and in ms since the oldest event that it
 * did not have.
 *
 * @param {readonly Frame[]} frames
 * @param {readonly SentFlow[]} flows
 */
export function lagOf(frames, flows) {
  const byId = new Map(flows.map((flow) => [flow.id, flow]));
  const events = [];
  const ms = [];
  for (const [nowMs, flowId, seq] of frames) {
    const flow = byId.get(flowId);
    if (flow === undefined) continue;
    const shown = seq + 1;
    const behind = Math.max(0, countUntil(flow.eventMs, nowMs) - shown);
    events.push(behind);
    ms.push(behind === 0 ? 0 : nowMs - /** @type {number} */ (flow.eventMs[shown]));
  }
  const last = events.at(-1) ?? Number.NaN;
  ms.sort((a, b) => a - b);
  events.sort((a, b) => a - b);
  return {
    eventsP50: quantile(events, 0.5),
    eventsMax: quantile(events, 1),
    eventsLast: last,
    msP50: quantile(ms, 0.5),
    msP95: quantile(ms, 0.95),
    msMax: quantile(ms, 1),
  };
}
