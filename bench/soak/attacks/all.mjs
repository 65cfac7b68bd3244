import { ATTACK_NAMES } from './names.mjs';
import { churn, fatFlow, slowExports } from './on-history.mjs';
import { flushall, lock, redisFull, slowPostgres } from './on-services.mjs';
import { poison } from './poison.mjs';

/**
 * @typedef {object} Attack
 * @property {string} name
 * @property {string} what
 * @property {boolean} [mayLose] it takes away what Redis has acknowledged and not given out yet. Default: false
 * @property {(field: import('./field.mjs').Field) => Promise<{ broken: string[], note?: string }>} strike resolves when it
 *   is over, with what of its own limits was broken
 */

/** @type {Attack[]} */
const ATTACKS = [poison, fatFlow, slowExports, churn, redisFull, flushall, slowPostgres, lock];

/** @param {readonly string[]} names @returns {Attack[]} in the order of {@link ATTACK_NAMES} */
export const attacksOf = (names) =>
  ATTACK_NAMES.filter((name) => names.includes(name)).flatMap((name) =>
    ATTACKS.filter((attack) => attack.name === name),
  );
