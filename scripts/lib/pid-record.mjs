import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './process-identity.mjs';

/**
 * A process that a script started, written to disk so that the next run can stop it when this one is killed.
 *
 * @typedef {object} PidRecord
 * @property {string} name
 * @property {number} pid
 * @property {string} identity
 * @property {NodeJS.Signals} stopSignal
 */

/**
 * @param {string} file
 * @param {{ name: string, pid: number, stopSignal?: NodeJS.Signals }} process
 */
export function writePidRecord(file, { name, pid, stopSignal = 'SIGTERM' }) {
  const identity = processIdentity(pid);
  if (identity === undefined) return;
  mkdirSync(path.dirname(file), { recursive: true });
  /** @type {PidRecord} */
  const record = { name, pid, identity, stopSignal };
  writeFileSync(file, `${JSON.stringify(record)}\n`);
}

/**
 * The recorded process, when it still runs and its pid has not passed to another.
 *
 * @param {string} file
 * @returns {PidRecord | undefined}
 */
export function readLivePidRecord(file) {
  /** @type {PidRecord} */
  let record;
  try {
    record = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  return Number.isInteger(record?.pid) && processIdentity(record.pid) === record.identity ? record : undefined;
}

/**
 * Waits while the recorded process runs.
 *
 * @param {string} file
 * @param {AbortSignal | undefined} abort
 */
export async function waitForRecorded(file, abort) {
  while (readLivePidRecord(file) !== undefined) {
    abort?.throwIfAborted();
    await sleep(100);
  }
}

/**
 * Stops a process of an earlier run that was killed before it could.
 *
 * @param {string} file
 * @returns {Promise<string | undefined>} its name, when there was one
 */
export async function stopLeftover(file) {
  const record = readLivePidRecord(file);
  if (record !== undefined) await stopForeign(record);
  rmSync(file, { force: true });
  return record?.name;
}

/**
 * @param {{ pid: number, identity: string, stopSignal: NodeJS.Signals }} record
 */
export async function stopForeign({ pid, identity, stopSignal }) {
  const isAlive = () => processIdentity(pid) === identity;
  for (const [signal, graceMs] of /** @type {const} */ ([
    [stopSignal, 4_000],
    ['SIGKILL', 2_000],
  ])) {
    if (!isAlive()) return;
    kill(pid, signal);
    for (let waitedMs = 0; waitedMs < graceMs && isAlive(); waitedMs += 25) await sleep(25);
  }
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between, or belongs to another user: whoever needs its port or files will say so.
  }
}
