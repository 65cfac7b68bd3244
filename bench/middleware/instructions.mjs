import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startChild } from '../child.mjs';
import { loadFully } from '../load.mjs';
import { findCommand } from '../../scripts/lib/find-command.mjs';
import { SetupError } from '../../scripts/lib/setup-error.mjs';

const VARIANTS = /** @type {const} */ ([
  ['bare Express', 'bare'],
  ['a layer with async context and a listener', 'async-context'],
  ['flow tracking', 'flow-tracking'],
  ['flow tracking, monitored', 'flow-tracking-monitored'],
  ['OpenTelemetry, by hand', 'opentelemetry'],
  ['OpenTelemetry, auto', 'opentelemetry-auto'],
]);
const CONNECTIONS = 8;
const VALGRIND = [
  '--tool=callgrind',
  '--instr-atstart=no',
  '--callgrind-out-file=/dev/null',
  // V8 writes code while it runs.
  '--smc-check=all-non-file',
];
const COLLECTED = /Collected : (\d+)/;

/**
 * @param {string} variant @param {string[]} urls @param {{ warmUpS: number, countedS: number }} seconds
 * @returns {Promise<number>} instructions a request
 */
async function count(variant, urls, { warmUpS, countedS }) {
  const child = fork(path.join(import.meta.dirname, 'server.mjs'), [variant, ...urls], {
    execPath: 'valgrind',
    // Compiling and collecting on the thread that is counted.
    execArgv: [...VALGRIND, process.execPath, '--single-threaded'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => (log += text));
  const exited = once(child, 'exit');
  const setCounting = (/** @type {'on' | 'off'} */ state) =>
    execFileSync('callgrind_control', ['-i', state, String(child.pid)], { stdio: 'ignore' });
  let requests;
  try {
    const port = await Promise.race([
      once(child, 'message').then(([message]) => message.port),
      exited.then(() => {
        throw new Error(`${variant} ended:\n${log}`);
      }),
    ]);
    await loadFully(port, { connections: CONNECTIONS, seconds: warmUpS });
    setCounting('on');
    ({ requests } = await loadFully(port, { connections: CONNECTIONS, seconds: countedS }));
    setCounting('off');
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
  const collected = COLLECTED.exec(log)?.[1];
  if (collected === undefined) throw new Error(`valgrind did not tell what it counted:\n${log}`);
  return Number(collected) / requests;
}

/**
 * Prints how many instructions of the process, without the kernel's, a request costs each of the servers, compiling and
 * garbage collections included: it hardly depends on what else the machine does, as times do.
 *
 * @param {{ redis: { url: string }, isQuick: boolean }} options
 * @throws {SetupError} without valgrind
 */
export async function benchInstructions({ redis, isQuick }) {
  if (findCommand('valgrind') === undefined) throw new SetupError('This needs valgrind: apt-get install valgrind');
  const seconds = isQuick ? { warmUpS: 10, countedS: 10 } : { warmUpS: 40, countedS: 60 };
  const otlp = await startChild(path.join(import.meta.dirname, 'otlp-sink.mjs'), []);
  console.log(`Thousands of instructions a request; Node ${process.version}, --single-threaded`);
  try {
    let bare = 0;
    for (const [name, variant] of VARIANTS) {
      process.stderr.write(`${name}\n`);
      const urls = [redis.url, `http://127.0.0.1:${otlp.first.port}/v1/traces`];
      const thousands = (await count(variant, urls, seconds)) / 1000;
      if (bare === 0) bare = thousands;
      const columns = [thousands, thousands - bare].map((value) => value.toFixed(0).padStart(6));
      console.log(`  ${name.padEnd(44)}${columns.join('  + ')}`);
    }
  } finally {
    await otlp.stop();
  }
}
