import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const NEVER = new Set(['node_modules', 'dist', 'coverage', '.cache', 'test-results']);

/**
 * A hash of files' paths and contents.
 *
 * @param {string[]} inputs files and folders; a missing one counts as empty
 * @param {string[]} [extra] texts that count too
 * @returns {string}
 */
export function fingerprint(inputs, extra = []) {
  const hash = createHash('sha256');
  for (const text of extra) hash.update(`${text}\0`);
  for (const input of inputs) {
    for (const file of filesOf(input)) {
      const content = readFileSync(file);
      hash.update(`${file.slice(input.length)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** @param {string} input @returns {string[]} */
function filesOf(input) {
  if (!existsSync(input)) return [];
  if (!statSync(input).isDirectory()) return [input];
  return readdirSync(input, { withFileTypes: true })
    .filter((entry) => !NEVER.has(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesOf(path.join(input, entry.name)));
}

/** @param {string} file @returns {string | undefined} */
export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** @param {string} file @param {string} value */
export function writeStamp(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${value}\n`);
}
