import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SetupError } from './setup-error.mjs';

/** @typedef {{ uid: number, gid: number, name: string }} SystemUser */

/**
 * Postgres refuses to run as root, so root runs it as another user: `postgres`, else `nobody`.
 *
 * @returns {SystemUser | undefined} undefined when the present user will do
 */
export function databaseUser() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid, name };
  }
  throw new SetupError(
    'Postgres does not run as root, and there is no user "postgres" or "nobody" to run it as.\n' +
      '  Run npm start as an ordinary user, or set DATABASE_URL.',
  );
}

/** @param {'-u' | '-g'} flag @param {string} name */
function idOf(flag, name) {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

/**
 * Whether a user can enter a folder; /bin/sh tries it, as Node itself may be installed where that user can't read.
 *
 * @param {SystemUser | undefined} user
 * @param {string} folder
 */
export function canEnter(user, folder) {
  if (user === undefined) return true;
  const { uid, gid } = user;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0;
}

/**
 * A folder which that user can reach: the preferred one, or a folder outside the checkout when some folder above that
 * one is closed, as /root is.
 *
 * @param {SystemUser | undefined} user
 * @param {string} preferred exists
 * @returns {string}
 */
export function reachableFolder(user, preferred) {
  if (canEnter(user, preferred)) return preferred;
  // /var/tmp outlives a reboot.
  const base = ['/var/tmp', tmpdir(), '/tmp'].find((folder) => existsSync(folder) && canEnter(user, folder));
  if (base === undefined) throw new SetupError(`The user "${user?.name}" can reach no folder to keep a database in.`);
  const key = createHash('sha256').update(preferred).digest('hex').slice(0, 12);
  const folder = path.join(base, `flow-tracking-${key}`);
  mkdirSync(folder, { recursive: true });
  // The name can be foretold, so make sure that nobody was here first.
  const { uid } = lstatSync(folder);
  if (!lstatSync(folder).isDirectory() || uid !== process.getuid?.()) {
    throw new SetupError(`${folder} belongs to another user. Remove it, or set FLOW_DATA_DIR to another folder.`);
  }
  chmodSync(folder, 0o711);
  return folder;
}
