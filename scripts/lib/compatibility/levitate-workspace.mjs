import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { repoRoot } from '../settings.mjs';
import { SetupError } from '../setup-error.mjs';

/** Of Grafana's packages those that Grafana gives plugins at run time. */
export const PACKAGES = ['@grafana/data', '@grafana/ui', '@grafana/runtime'];

/**
 * A folder in which levitate really compares. In a workspace it finds no version of the packages, since they are hoisted, skips every
 * one, and still says "compatible". Here they are dependencies of the folder itself, and both versions lie beside it under the
 * names by which levitate would download them.
 *
 * @param {string} dir an empty folder outside of any node_modules
 * @returns {{ modules: string[], from: string, to: string }} the plugin's entries below `dir`, and the versions compared
 */
export function makeWorkspace(dir) {
  cpSync(path.join(repoRoot, 'grafana-plugin/src'), path.join(dir, 'src'), { recursive: true });
  linkModules(dir);
  const from = copyTypes(path.join(repoRoot, 'node_modules'), dir);
  const to = copyTypes(path.join(repoRoot, 'preview/node_modules'), dir);
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [name, from]));
  writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ private: true, dependencies }));
  return { modules: ['src/module.ts', 'src/datasource/module.ts', 'src/panel/module.ts'], from, to };
}

/** Everything that the plugin imports is found as in the repository. @param {string} dir */
function linkModules(dir) {
  const source = path.join(repoRoot, 'node_modules');
  for (const name of readdirSync(source)) {
    if (name.startsWith('.')) continue;
    const scoped = name.startsWith('@')
      ? readdirSync(path.join(source, name)).map((inner) => `${name}/${inner}`)
      : [name];
    for (const each of scoped) {
      const target = path.join(dir, 'node_modules', each);
      mkdirSync(path.dirname(target), { recursive: true });
      symlinkSync(path.join(source, each), target);
    }
  }
}

/** @param {string} modules @param {string} dir @returns {string} the one version of all of them */
function copyTypes(modules, dir) {
  const versions = PACKAGES.map((name) => {
    const source = path.join(modules, name);
    if (!existsSync(path.join(source, 'package.json'))) {
      throw new SetupError(`${source} is missing: node scripts/install.mjs installs it.`);
    }
    /** @type {{ version: string }} */
    const { version } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
    cpSync(source, path.join(dir, `${name}@${version}`), {
      recursive: true,
      filter: (file) =>
        statSync(file).isDirectory()
          ? !file.slice(source.length).includes('node_modules')
          : /(\.d\.[cm]?ts|package\.json)$/.test(file),
    });
    return version;
  });
  const [version = ''] = versions;
  if (versions.some((other) => other !== version)) {
    throw new SetupError(`Expected one version of ${PACKAGES.join(', ')} in ${modules}, got ${versions.join(', ')}.`);
  }
  return version;
}
