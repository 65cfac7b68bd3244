/* global __dirname, process */
const { existsSync } = require('node:fs');
const path = require('node:path');

const dir = process.env.FLOW_PEERS_DIR ?? '';
const sources = path.resolve(__dirname, '../../integrations/src') + path.sep;

/** The package of `@langchain/core/messages`. @param {string} request */
function packageOf(request) {
  const [scope = '', name] = request.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/**
 * Gives the integrations' sources and tests the packages of `FLOW_PEERS_DIR`, if it has them, in place of the repository's.
 *
 * @param {string} request
 * @param {{ basedir: string, defaultResolver(request: string, options: object): string }} options
 */
module.exports = (request, options) => {
  const isBare = !request.startsWith('.') && !path.isAbsolute(request);
  const isOurs = isBare && options.basedir.startsWith(sources);
  const isPeer = isOurs && existsSync(path.join(dir, 'node_modules', packageOf(request)));
  return options.defaultResolver(request, isPeer ? { ...options, basedir: dir } : options);
};
