import { readFileSync } from 'node:fs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} ReaderSettings
 * @property {string} databaseUrl of a role that may make the reader
 * @property {string} role
 * @property {string} password printable ASCII
 */

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {ReaderSettings}
 */
export function readReaderSettings(env = process.env) {
  const databaseUrl = env['DATABASE_URL'] || '';
  if (!/^postgres(ql)?:$/.test(URL.canParse(databaseUrl) ? new URL(databaseUrl).protocol : '')) {
    throw new SetupError(
      `DATABASE_URL: expected a URL that starts with postgres:// or postgresql://, got ${databaseUrl === '' ? 'none' : 'another text'}.\n` +
        '  That of npm start, while it runs: set -a; . .flow/env',
    );
  }
  const role = env['FLOW_READER_ROLE'] || 'flow_reader';
  // A name that means the same with and without quotes.
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(role)) {
    throw new SetupError(
      `FLOW_READER_ROLE: expected up to 63 lower-case letters, digits and "_", got ${JSON.stringify(role)}.`,
    );
  }
  return { databaseUrl, role, password: readPassword(env) };
}

/** @param {NodeJS.ProcessEnv} env */
function readPassword(env) {
  const file = env['FLOW_READER_PASSWORD_FILE'] || undefined;
  const given = env['FLOW_READER_PASSWORD'] || undefined;
  if ((file === undefined) === (given === undefined)) {
    const got = file === undefined ? 'neither' : 'both';
    throw new SetupError(`FLOW_READER_PASSWORD or FLOW_READER_PASSWORD_FILE: expected one of them, got ${got}.`);
  }
  const name = file === undefined ? 'FLOW_READER_PASSWORD' : 'FLOW_READER_PASSWORD_FILE';
  const password = file === undefined ? (given ?? '') : readSecret(file);
  // Beyond ASCII a password would have to be normalised as every client does it.
  if (!/^[\x20-\x7e]{8,}$/.test(password)) {
    throw new SetupError(`${name}: expected 8 or more characters of printable ASCII, got something else.`);
  }
  return password;
}

/** @param {string} file */
function readSecret(file) {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new SetupError(`FLOW_READER_PASSWORD_FILE: ${file} can not be read (${code}).`);
  }
}
