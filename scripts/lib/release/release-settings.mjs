import { parseArgs } from 'node:util';
import { SetupError } from '../setup-error.mjs';
import { isVersion } from './versions.mjs';

/**
 * @typedef {object} ReleaseSettings
 * @property {string} version
 * @property {boolean} isDryRun
 */

/**
 * @param {string[]} args
 * @returns {ReleaseSettings | 'help'}
 */
export function readReleaseSettings(args) {
  const { values, positionals } = parse(args);
  if (values.help === true) return 'help';
  const [version, ...more] = positionals;
  if (version === undefined || more.length > 0 || !isVersion(version)) {
    const got = positionals.join(' ') || 'nothing';
    throw new SetupError(`Expected one version such as 1.2.3, got ${got}.\n  See npm run release -- --help`);
  }
  return { version, isDryRun: values['dry-run'] === true };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { 'dry-run': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new SetupError(`${/** @type {Error} */ (error).message}\n  See npm run release -- --help`);
  }
}
