import path from 'node:path';
import { sourceMapFaults } from './source-maps.mjs';

/**
 * What Grafana's plugin validator and its reviewers look for.
 *
 * @typedef {object} Rule
 * @property {string} name what holds
 * @property {(plugin: import('./read-plugin.mjs').BuiltPlugin) => string[]} faults what doesn't, and what to do
 */

const MOST_MODULE_BYTES = 1_000_000;
const SETUP_WORDS = /GF_PLUGINS_|docker|npm |grafana-cli|unsigned/i;

/** @type {readonly Rule[]} */
export const RULES = [
  {
    name: 'ids begin with the organisation, and name the kind of plugin',
    faults: ({ all }) =>
      all
        .filter(({ json }) => !json.id.startsWith('flowtracking-') || !json.id.endsWith(`-${json.type}`))
        .map(({ file, json }) => `${file}: ${json.id} is not flowtracking-<name>-${json.type}`),
  },
  {
    name: 'nothing in plugin.json is left to be filled in',
    faults: ({ all, read }) =>
      all.filter(({ file }) => /%[A-Z_]+%/.test(read(file))).map(({ file }) => `${file}: a %PLACEHOLDER% is left`),
  },
  {
    name: 'all plugins have one version, and ask for one Grafana',
    faults: ({ all, json }) =>
      all
        .filter(
          (other) =>
            other.json.info.version !== json.info.version ||
            other.json.dependencies.grafanaDependency !== json.dependencies.grafanaDependency,
        )
        .map(({ file }) => `${file}: version or grafanaDependency is not the app's`),
  },
  {
    name: 'each plugin has a description, keywords and an SVG logo',
    faults: ({ all, has }) =>
      all.flatMap(({ file, json: { info } }) => {
        const faults = [];
        if ((info.description ?? '') === '') faults.push(`${file}: info.description is empty`);
        if ((info.keywords ?? []).length === 0) faults.push(`${file}: info.keywords is empty`);
        for (const logo of Object.values(info.logos)) {
          if (!logo.endsWith('.svg')) faults.push(`${file}: ${logo} is no SVG`);
          if (!has(path.join(path.dirname(file), logo))) faults.push(`${file}: ${logo} is not there`);
        }
        return faults;
      }),
  },
  {
    name: 'SVG files are plain drawings',
    faults: ({ files, read }) =>
      files
        .filter((file) => file.endsWith('.svg'))
        .filter((file) => /<script|<foreignObject|\son\w+=|\srole=|\saria-|javascript:|href=/i.test(read(file)))
        .map((file) => `${file}: scripts, links, role and aria-* count as unsafe; take them out`),
  },
  {
    name: 'the app shows pictures of itself',
    faults: ({ json, has }) => {
      const shots = json.info.screenshots ?? [];
      if (shots.length === 0) return ['plugin.json: info.screenshots is empty'];
      return shots.filter((shot) => !has(shot.path)).map((shot) => `plugin.json: ${shot.path} is not there`);
    },
  },
  {
    name: 'what the app includes is there',
    faults: ({ json, has }) => {
      const includes = json.includes ?? [];
      const faults = includes
        .filter(({ type, path: file }) => type !== 'page' && (file === undefined || !has(file)))
        .map(({ type, name }) => `plugin.json: the ${type} "${name}" is not in the build`);
      if (!includes.some(({ type }) => type === 'dashboard')) faults.push('plugin.json: includes name no dashboard');
      return faults;
    },
  },
  {
    name: 'README, CHANGELOG and LICENSE are there, and LICENSE is filled in',
    faults: ({ has, read }) => {
      const faults = ['README.md', 'CHANGELOG.md', 'LICENSE']
        .filter((file) => !has(file))
        .map((file) => `${file} is not in the build`);
      if (has('LICENSE') && /\[yyyy\]|\[name of/.test(read('LICENSE')))
        faults.push('LICENSE: year and owner are missing');
      return faults;
    },
  },
  {
    name: 'the README says what the plugin is for, and leaves installing to the docs',
    faults: ({ read }) =>
      SETUP_WORDS.test(read('README.md')) ? ['README.md: steps of installing belong into docs/grafana.md'] : [],
  },
  {
    name: 'the code leaves the page to Grafana',
    faults: ({ sources }) =>
      sources()
        .filter(({ text }) => /\b(window|globalThis)\.location\b/.test(text))
        .map(({ file }) => `${file}: ask locationService or document instead of window.location`),
  },
  {
    name: 'nothing that only tests need is in the build',
    faults: ({ files }) =>
      files.filter((file) => /fixtures|\.test\.|testing\//.test(file)).map((file) => `${file}: belongs outside src/`),
  },
  {
    name: `no module is larger than ${MOST_MODULE_BYTES / 1_000} kB`,
    faults: ({ files, bytes }) =>
      files
        .filter((file) => file.endsWith('.js') && bytes(file) > MOST_MODULE_BYTES)
        .map((file) => `${file}: ${Math.round(bytes(file) / 1_000)} kB`),
  },
  { name: 'source maps hold the sources as they are', faults: sourceMapFaults },
];
