// Sends requests to a server on loopback. Of a plain socket and no parser, since a client that costs more than the
// server would measure itself; the servers' answers end with the same text always.
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { quantile } from './quantile.mjs';

const ANSWER_END = '{"ok":true}';

/**
 * What a load came to; latencies in ms.
 *
 * @typedef {{ requests: number, seconds: number, p50Ms: number, p99Ms: number }} Load
 */

/** @typedef {(sentMs: number) => Promise<void>} Send resolves when the answer is there */

/** One keep-alive connection. @param {number} port @param {number[]} latencies @returns {Promise<{ send: () => Promise<void>, close: () => void }>} */
async function openConnection(port, latencies) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', () => resolve(undefined)).once('error', reject));
  const request = `GET /ask/7 HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\n\r\n`;
  let sentMs = 0;
  /** @type {(value?: undefined) => void} */
  let answered = () => undefined;
  /** @type {(error: Error) => void} */
  let failed = () => undefined;
  socket.setEncoding('latin1');
  socket.on('data', (/** @type {string} */ text) => {
    if (!text.endsWith(ANSWER_END)) return;
    if (!text.startsWith('HTTP/1.1 200 ')) failed(new Error(`answered ${text.slice(0, 60)}`));
    latencies.push(performance.now() - sentMs);
    answered();
  });
  socket.on('error', (error) => failed(error));
  socket.on('close', () => failed(new Error('the server closed the connection')));
  return {
    send: () =>
      new Promise((resolve, reject) => {
        answered = resolve;
        failed = reject;
        if (socket.destroyed) reject(new Error('the server closed the connection'));
        sentMs = performance.now();
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

/** @param {number[]} latencies @param {number} ms @returns {Load} */
function summarise(latencies, ms) {
  const sorted = Float64Array.from(latencies).sort();
  return {
    requests: sorted.length,
    seconds: ms / 1000,
    p50Ms: quantile([...sorted], 0.5),
    p99Ms: quantile([...sorted], 0.99),
  };
}

/**
 * Connections that stay open between one load and the next, for loads so short that opening them would count.
 *
 * @param {number} port
 * @param {number} connections
 */
export async function openLoop(port, connections) {
  /** @type {number[]} */
  const latencies = [];
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port, latencies)));
  return {
    /** Each connection sends the next when it has the answer. @param {number} ms @returns {Promise<Load>} */
    async run(ms) {
      latencies.length = 0;
      const startedMs = performance.now();
      const endMs = startedMs + ms;
      await Promise.all(
        open.map(async ({ send }) => {
          while (performance.now() < endMs) await send();
        }),
      );
      return summarise(latencies, performance.now() - startedMs);
    },
    /**
     * A steady number of requests a second, whatever the server does; a connection that is busy is passed over.
     *
     * @param {number} ms
     * @param {number} rate
     * @returns {Promise<Load>}
     */
    async runSteadily(ms, rate) {
      latencies.length = 0;
      const idle = [...open];
      /** @type {Promise<void>[]} */
      const sent = [];
      /** @type {unknown[]} */
      const errors = [];
      const startedMs = performance.now();
      for (let i = 0; i < (rate * ms) / 1000 && errors.length === 0; i++) {
        const waitMs = startedMs + (i * 1000) / rate - performance.now();
        if (waitMs > 0) await setTimeout(waitMs);
        const connection = idle.pop();
        if (connection === undefined) throw new Error(`${connections} connections are too few for ${rate} a second`);
        sent.push(
          connection.send().then(
            () => void idle.push(connection),
            (error) => void errors.push(error),
          ),
        );
      }
      await Promise.all(sent);
      if (errors.length > 0) throw errors[0];
      return summarise(latencies, performance.now() - startedMs);
    },
    close() {
      for (const { close } of open) close();
    },
  };
}

/**
 * As many requests as the server can answer: each connection sends the next when it has the answer.
 *
 * @param {number} port
 * @param {{ connections: number, seconds: number }} size
 * @returns {Promise<Load>}
 */
export async function loadFully(port, { connections, seconds }) {
  const loop = await openLoop(port, connections);
  const load = await loop.run(seconds * 1000);
  loop.close();
  return load;
}

/**
 * The same for a steady load; see `runSteadily`.
 *
 * @param {number} port
 * @param {{ connections: number, rate: number, seconds: number }} size
 * @returns {Promise<Load>}
 */
export async function loadSteadily(port, { connections, rate, seconds }) {
  const loop = await openLoop(port, connections);
  const load = await loop.runSteadily(seconds * 1000, rate);
  loop.close();
  return load;
}
