// Asks a bridge for its health all the while and looks at its memory: a process of its own, so that what attacks cost
// the attacker is not measured.
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';

/** @typedef {{ healthP99Ms: number, healthMaxMs: number, unanswered: number, maxMb: number }} Watched */

const EVERY_MS = 50;
const TIMEOUT_MS = 10_000;

const [, , url = '', pid = ''] = process.argv;
const agent = new Agent({ keepAlive: true });
/** @type {number[]} */
let latencies = [];
let unanswered = 0;
let maxMb = 0;

/** At a steady rate, whatever the answers do: who waits for one before the next sees a long pause as one late answer. */
function ask() {
  const startedMs = performance.now();
  let isDone = false;
  const done = (/** @type {boolean} */ isAnswered) => {
    if (isDone) return;
    isDone = true;
    latencies.push(isAnswered ? performance.now() - startedMs : TIMEOUT_MS);
    if (!isAnswered) unanswered += 1;
  };
  const request = get(`${url}/healthz`, { agent, timeout: TIMEOUT_MS }, (response) => {
    response.resume();
    response.on('end', () => done(response.statusCode === 200));
  });
  request.on('timeout', () => request.destroy());
  request.on('error', () => done(false));
}

function weigh() {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    maxMb = Math.max(maxMb, Number(kilobytes ?? 0) / 1_000);
  } catch {
    // It has ended, which the runner notices.
  }
}

setInterval(() => {
  ask();
  weigh();
}, EVERY_MS);

process.on('message', (command) => {
  const sorted = [...latencies].sort((a, b) => a - b);
  /** @type {Watched} */
  const watched = {
    healthP99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
    healthMaxMs: sorted.at(-1) ?? Number.NaN,
    unanswered,
    maxMb,
  };
  if (command === 'begin') {
    latencies = [];
    unanswered = 0;
    maxMb = 0;
  }
  process.send?.(watched);
});
// The runner is gone.
process.on('disconnect', () => process.exit(1));
process.once('SIGTERM', () => process.exit(0));
process.send?.({});
