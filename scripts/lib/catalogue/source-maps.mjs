import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Of `webpack://<package>/<path>`, where a path of ours begins at the sources, and one of the protocol beside the workspace. */
const NAME = /^webpack:\/\/[^/]*\/(.+?)(\?\w*)?$/;

/** @param {string} name of a source in a map @param {string} sourceDir @returns {string | undefined} */
function fileOf(name, sourceDir) {
  const relative = NAME.exec(name)?.[1];
  if (relative === undefined || relative.includes('node_modules') || /^(webpack|external)/.test(relative))
    return undefined;
  return path.resolve(sourceDir, relative);
}

/**
 * A reviewer compares what ships with the repository through the maps.
 *
 * @param {import('./read-plugin.mjs').BuiltPlugin} plugin
 */
export function sourceMapFaults({ files, read, has, sourceDir }) {
  /** @type {string[]} */
  const faults = files
    .filter((file) => file.endsWith('.js') && !has(`${file}.map`))
    .map((file) => `${file}: has no source map`);
  let compared = 0;
  for (const file of files.filter((name) => name.endsWith('.js.map'))) {
    /** @type {{ sources: string[], sourcesContent?: string[] }} */
    const { sources, sourcesContent = [] } = JSON.parse(read(file));
    sources.forEach((name, i) => {
      const source = fileOf(name, sourceDir);
      if (source === undefined || !existsSync(source)) return;
      compared++;
      if (readFileSync(source, 'utf8') !== sourcesContent[i]) {
        faults.push(`${file}: ${path.relative(sourceDir, source)} is not as it was built; build again`);
      }
    });
  }
  if (compared === 0) faults.push('no source of a map was found in the repository');
  return faults;
}
