import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} PluginJson the part of plugin.json that is looked at
 * @property {string} id
 * @property {string} type
 * @property {{ description?: string, keywords?: string[], version: string, updated: string, logos: Record<string, string>,
 *   links?: { name: string, url: string }[], screenshots?: { name: string, path: string }[] }} info
 * @property {{ type: string, name: string, path?: string }[]} [includes]
 * @property {{ grafanaDependency: string }} dependencies
 */

/**
 * A plugin as it is built, and the sources that it was built from.
 *
 * @typedef {object} BuiltPlugin
 * @property {string} dir
 * @property {string} sourceDir
 * @property {PluginJson} json of the app
 * @property {{ file: string, json: PluginJson }[]} all the app's and those nested in it; `file` below `dir`
 * @property {readonly string[]} files below `dir`
 * @property {(file: string) => string} read
 * @property {(file: string) => boolean} has
 * @property {(file: string) => number} bytes
 * @property {() => readonly { file: string, text: string }[]} sources TypeScript that ships, without tests; `file` below `sourceDir`
 */

/** @param {string} dir @returns {string[]} */
function filesBelow(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** @param {string} dir @param {string} sourceDir @returns {BuiltPlugin} */
export function readPlugin(dir, sourceDir) {
  const files = filesBelow(dir);
  const read = (/** @type {string} */ file) => readFileSync(path.join(dir, file), 'utf8');
  const parse = (/** @type {string} */ file) => /** @type {PluginJson} */ (JSON.parse(read(file)));
  return {
    dir,
    sourceDir,
    json: parse('plugin.json'),
    all: files.filter((file) => path.basename(file) === 'plugin.json').map((file) => ({ file, json: parse(file) })),
    files,
    read,
    has: (file) => existsSync(path.join(dir, file)),
    bytes: (file) => statSync(path.join(dir, file)).size,
    sources: () =>
      filesBelow(sourceDir)
        .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|(^|\/)testing\//.test(file))
        .map((file) => ({ file, text: readFileSync(path.join(sourceDir, file), 'utf8') })),
  };
}
