import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A password that only this user can read, made once per data directory.
 *
 * @param {string} file
 * @returns {string} 32 hexadecimal characters, so it needs no escaping in a URL
 */
export function readOrMakePassword(file) {
  if (existsSync(file)) {
    const known = readFileSync(file, 'utf8').trim();
    if (known !== '') return known;
  }
  const password = makePassword();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

export function makePassword() {
  return randomBytes(16).toString('hex');
}
