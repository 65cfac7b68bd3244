import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * @typedef {object} Child
 * @property {number} pid
 * @property {(command: string) => Promise<any>} ask sends it and resolves with the next message
 * @property {() => Promise<void>} kill by SIGKILL; resolves when it has ended, like `stop`
 * @property {() => Promise<void>} stop
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Has a process killed by {@link killChildren} if it still runs then. @param {import('node:child_process').ChildProcess} child */
export function endWithRunner(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

/** For a run that is told to stop: by SIGKILL, since a bridge may be held by SIGSTOP. */
export function killChildren() {
  for (const child of running) child.kill('SIGKILL');
}

const TASKSET = '/usr/bin/taskset';
/** Server and load each have a core of their own where that can be arranged. */
export const canPin = existsSync(TASKSET) && availableParallelism() >= 2;

/** Keeps a process, and what it starts from now on, on one core. @param {number} pid @param {number} core */
export function pin(pid, core) {
  if (canPin) execFileSync(TASKSET, ['-a', '-c', '-p', String(core), String(pid)]);
}

/**
 * Starts a script and waits for its first message.
 *
 * @template T
 * @param {string} file
 * @param {string[]} args
 * @param {{ core?: number, logFile?: string, node?: string }} [options] the core that it runs on, by default any; the file that
 *   takes what it prints, by default the terminal; the Node that runs it, by default this one
 * @returns {Promise<Child & { first: T }>}
 */
export async function startChild(file, args, { core, logFile, node = process.execPath } = {}) {
  const output = logFile === undefined ? 'inherit' : openSync(logFile, 'a');
  const child = fork(file, args, {
    stdio: ['ignore', output, output, 'ipc'],
    execPath: node,
    ...(canPin && core !== undefined && { execPath: TASKSET, execArgv: ['-c', String(core), node] }),
  });
  endWithRunner(child);
  if (typeof output === 'number') closeSync(output);
  /** @returns {Promise<any>} */
  const next = () =>
    new Promise((resolve, reject) => {
      /** @param {number | null} code */
      const onExit = (code) => reject(new Error(`${file} ended with ${code}`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        resolve(message);
      });
    });
  /** @param {NodeJS.Signals} signal @returns {Promise<void>} */
  const end = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const first = await next();
  return {
    first,
    pid: /** @type {number} */ (child.pid),
    ask(command) {
      const answer = next();
      child.send(command);
      return answer;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
