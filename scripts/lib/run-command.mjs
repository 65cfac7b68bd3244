import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { spawnGroup } from './process-group.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a command to its end. Its output goes to a log file, whose end is shown when it fails.
 *
 * @param {import('./process-group.mjs').SpawnOptions & { logFile: string, abort?: AbortSignal | undefined }} options
 */
export async function runCommand({ abort, ...options }) {
  abort?.throwIfAborted();
  const group = spawnGroup(options);
  const stop = () => void group.stop(500);
  abort?.addEventListener('abort', stop, { once: true });
  const exit = await group.exited;
  abort?.removeEventListener('abort', stop);
  abort?.throwIfAborted();
  if (exit.code === 0) return;
  throw new SetupError(`${options.name} ${describeExit(exit)}.\n${logTail(options.logFile)}`);
}

/** @param {import('./process-group.mjs').Exit} exit */
export function describeExit({ code, signal, error }) {
  if (error !== undefined) return `could not be started: ${error.message}`;
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}

/**
 * The last lines of a log, indented, with the way to the whole of it.
 *
 * @param {string} file
 * @param {number} [lines]
 */
export function logTail(file, lines = 25) {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : '';
  const tail = text === '' ? ['(no output)'] : text.split('\n').slice(-lines);
  const shown = path.relative(process.cwd(), file);
  return `${tail.map((line) => `    ${line}`).join('\n')}\n  The whole log: ${shown.startsWith('..') ? file : shown}`;
}
