import { checkBridge } from './bridge-checks.mjs';
import { checkMachine } from './machine-checks.mjs';

/**
 * What the bridge answers, and what is found here: the same shape.
 *
 * @typedef {object} Check
 * @property {string} id stable; those made here begin with "local_"
 * @property {string} title
 * @property {'ok' | 'warn' | 'fail' | 'skip'} status
 * @property {string} detail
 * @property {string | null} fix
 */

/**
 * All checks, those from this machine first. Never rejects for what it finds.
 *
 * @param {import('./doctor-settings.mjs').DoctorSettings} settings
 * @returns {Promise<Check[]>}
 */
export async function examine(settings) {
  return [...(await checkMachine(settings)), ...(await checkBridge(settings))];
}
