import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readLivePidRecord, writePidRecord } from './pid-record.mjs';
import { SetupError } from './setup-error.mjs';

/** @param {string} dataDir */
const recordFile = (dataDir) => path.join(dataDir, 'run', 'start.json');

/**
 * Makes sure that one data directory has one npm start.
 *
 * @param {string} dataDir
 * @returns {() => void} gives it free again
 */
export function claimDataDir(dataDir) {
  makeDataDir(dataDir);
  const other = runningStart(dataDir);
  if (other !== undefined) {
    throw new SetupError(
      `npm start already runs here (pid ${other}, data in ${dataDir}).\n` +
        `  Stop it with Ctrl-C or: kill ${other}\n` +
        '  Or start a second one: FLOW_DATA_DIR=.flow-2 FLOW_BRIDGE_PORT=… FLOW_DEMO_PORT=… FLOW_PREVIEW_PORT=… npm start',
    );
  }
  writePidRecord(recordFile(dataDir), { name: 'npm start', pid: process.pid });
  return () => rmSync(recordFile(dataDir), { force: true });
}

/**
 * Others may pass through the folder, as Postgres does when root runs it as another user, but not look at the logs.
 *
 * @param {string} dataDir
 */
function makeDataDir(dataDir) {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    mkdirSync(path.join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new SetupError(`${dataDir} can't be written (${code}). Set FLOW_DATA_DIR to a folder of yours.`);
  }
}

/**
 * @param {string} dataDir
 * @returns {number | undefined} the pid of the npm start that uses it
 */
export function runningStart(dataDir) {
  return readLivePidRecord(recordFile(dataDir))?.pid;
}
