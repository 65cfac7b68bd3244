import { parseArgs } from 'node:util';
import { SetupError } from '../setup-error.mjs';

/**
 * @typedef {object} DoctorSettings
 * @property {string} bridgeUrl without a slash at its end
 * @property {string | undefined} user
 * @property {boolean} isJson
 * @property {string | undefined} readToken
 * @property {string | undefined} controlToken
 * @property {string | undefined} redisUrl the first, of a cluster
 * @property {string | undefined} databaseUrl
 */

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {DoctorSettings | 'help'}
 */
export function readDoctorSettings(args, env = process.env) {
  const values = parse(args);
  if (values.help === true) return 'help';
  const bridgeUrl = values['bridge-url'] ?? (env['FLOW_BRIDGE_URL'] || 'http://127.0.0.1:8090');
  return {
    bridgeUrl: requireUrl('--bridge-url', bridgeUrl, ['http:', 'https:']).replace(/\/+$/, ''),
    user: values.user,
    isJson: values.json === true,
    readToken: env['FLOW_READ_TOKEN'] || first(env['FLOW_READ_TOKENS']),
    controlToken: env['FLOW_CONTROL_TOKEN'] || first(env['FLOW_CONTROL_TOKENS']),
    redisUrl: optionalUrl('REDIS_URL', env['REDIS_URL']?.split(/\s*,\s*(?=rediss?:\/\/)/)[0], ['redis:', 'rediss:']),
    databaseUrl: optionalUrl('DATABASE_URL', env['DATABASE_URL'], ['postgres:', 'postgresql:']),
  };
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        'bridge-url': { type: 'string' },
        user: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new SetupError(`${/** @type {Error} */ (error).message}\n  See npm run doctor -- --help`);
  }
}

/** @param {string} name @param {string | undefined} text @param {string[]} protocols */
function optionalUrl(name, text, protocols) {
  return text === undefined || text === '' ? undefined : requireUrl(name, text, protocols);
}

/** @param {string} name @param {string} text @param {string[]} protocols */
function requireUrl(name, text, protocols) {
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
  // The value is not repeated: it may hold a password.
  throw new SetupError(`${name}: expected a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
}

/** @param {string | undefined} list */
function first(list) {
  return list?.split(',')[0]?.trim() || undefined;
}
