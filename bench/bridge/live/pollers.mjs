// Pollers over one connection each that look at little more than the first record of an answer, as viewers.mjs does.
import { Agent, get } from 'node:http';

/** As the datasource has it. */
const WAIT_MS = 2_000;
const APART_MS = 100;
const RECORD = 0x1e;

/**
 * Polls for a user's live frames until it is closed.
 *
 * @param {number} port @param {string} userId
 * @param {(frames: Buffer) => void} onFrames gets the records of an answer behind the first
 * @param {(error: unknown) => void} onError
 * @returns {import('./viewers.mjs').Viewer}
 */
export function openPoller(port, userId, onFrames, onError) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let isClosed = false;
  let cursor = '';
  const ask = () => {
    if (isClosed) return;
    const startedMs = performance.now();
    const after = cursor === '' ? '' : `&after=${encodeURIComponent(cursor)}`;
    const path = `/api/v1/live?user=${encodeURIComponent(userId)}&wait_ms=${WAIT_MS}${after}`;
    const request = get({ agent, host: '127.0.0.1', port, path }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Buffer.concat(chunks);
        const end = answer.indexOf(RECORD, 1);
        const head = answer.subarray(1, end === -1 ? undefined : end).toString();
        if (response.statusCode !== 200) return onError(new Error(`${response.statusCode}: ${answer.toString()}`));
        cursor = /** @type {{ cursor: string }} */ (JSON.parse(head)).cursor;
        if (end !== -1) onFrames(answer.subarray(end));
        setTimeout(ask, Math.max(0, startedMs + APART_MS - performance.now()));
      });
    });
    request.on('error', (error) => {
      if (!isClosed) onError(error);
    });
  };
  ask();
  return {
    close() {
      isClosed = true;
      agent.destroy();
    },
  };
}
