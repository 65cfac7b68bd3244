import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writePidRecord } from './pid-record.mjs';

/**
 * @typedef {object} Exit
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {Error} [error] when it could not even be started
 */

/**
 * @typedef {object} ProcessGroup
 * @property {string} name
 * @property {number} pid
 * @property {string | undefined} logFile
 * @property {Promise<Exit>} exited
 * @property {() => boolean} isRunning
 * @property {(graceMs?: number) => Promise<void>} stop asks it to end, and kills the whole group after the grace
 */

/**
 * @typedef {object} SpawnOptions
 * @property {string} name for messages
 * @property {string} command
 * @property {string[]} args
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [logFile] takes stdout and stderr; without one they are the terminal's
 * @property {string} [recordFile] see pid-record.mjs
 * @property {{ uid: number, gid: number } | undefined} [user] to run as; only root may
 * @property {NodeJS.Signals[]} [stopSignals] tried in turn before SIGKILL. Default: SIGTERM
 * @property {'group' | 'leader'} [signalTo] who gets them. Default: the group
 */

/**
 * Starts a command in a process group of its own. So the terminal's Ctrl-C reaches only the script, which then stops
 * what it started in its order, and a kill reaches what the command itself has started.
 *
 * @param {SpawnOptions} options
 * @returns {ProcessGroup}
 */
export function spawnGroup(options) {
  const { name, command, args, cwd, env, logFile, recordFile, user, stopSignals = ['SIGTERM'] } = options;
  const output = logFile === undefined ? /** @type {const} */ ('inherit') : openLog(logFile);
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env }),
    ...user,
    detached: true,
    stdio: ['ignore', output, output],
  });
  if (typeof output === 'number') closeSync(output);
  const pid = child.pid ?? 0;
  const [stopSignal] = stopSignals;
  if (pid !== 0 && recordFile !== undefined) {
    writePidRecord(recordFile, { name, pid, ...(stopSignal !== undefined && { stopSignal }) });
  }

  let running = pid !== 0;
  /** @type {Promise<Exit>} */
  const exited = new Promise((resolve) => {
    /** @param {Exit} exit */
    const finish = (exit) => {
      running = false;
      if (recordFile !== undefined) rmSync(recordFile, { force: true });
      resolve(exit);
    };
    child.once('error', (error) => finish({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => finish({ code, signal }));
  });

  const target = options.signalTo === 'leader' ? pid : -pid;
  return {
    name,
    pid,
    logFile,
    exited,
    isRunning: () => running,
    async stop(graceMs = 3_000) {
      for (const signal of stopSignals) {
        if (!running) return;
        send(target, signal);
        await Promise.race([exited, sleep(graceMs / stopSignals.length, undefined, { ref: false })]);
      }
      if (!running) return;
      send(-pid, 'SIGKILL');
      await exited;
    },
  };
}

/** @param {string} file */
function openLog(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  return openSync(file, 'w');
}

/** @param {number} target @param {NodeJS.Signals} signal */
function send(target, signal) {
  try {
    process.kill(target, signal);
  } catch {
    // Already gone.
  }
}
