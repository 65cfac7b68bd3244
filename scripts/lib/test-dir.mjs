import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { databaseUser, reachableFolder } from './database-user.mjs';
import { readLivePidRecord, stopLeftover, writePidRecord } from './pid-record.mjs';

const PREFIX = 'flow-tracking-test-';

/** @typedef {{ path: string, remove: () => Promise<void> }} TestDir */

/**
 * A directory for one test run. Takes away what earlier runs left that were killed.
 *
 * @returns {Promise<TestDir>}
 */
export async function makeTestDir() {
  const base = reachableFolder(databaseUser(), tmpdir());
  await removeAbandoned(base);
  const folder = mkdtempSync(path.join(base, PREFIX));
  // Passable for the user that root runs Postgres as.
  chmodSync(folder, 0o711);
  writePidRecord(path.join(folder, 'owner.json'), { name: 'npm test', pid: process.pid });
  return { path: folder, remove: () => removeTestDir(folder) };
}

/** @param {string} base */
async function removeAbandoned(base) {
  for (const name of readdirSync(base).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = path.join(base, name);
    try {
      // A run that has only just begun may not have written its record yet.
      const isYoung = Date.now() - statSync(folder).mtimeMs < 10_000;
      const isMine = statSync(folder).uid === process.getuid?.();
      if (!isMine || isYoung || readLivePidRecord(path.join(folder, 'owner.json')) !== undefined) continue;
      await removeTestDir(folder);
    } catch {
      // Gone in between.
    }
  }
}

/** @param {string} folder */
async function removeTestDir(folder) {
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.pid.json'))) {
    await stopLeftover(path.join(folder, name));
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
