// The two majors of Grafana's libraries that the page can be made of. Those of 13 are this folder's own dependencies.
// Those of 12 are what the plugin is built against, and so are in the repository's node_modules: nothing is installed
// a second time. All that is not Grafana's own (scenes, the router, SystemJS) is this folder's for both.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Grafana's libraries, and those of which a page may hold only one. What scenes takes from inside schema is 13's. */
const OF_GRAFANA =
  /^(@grafana\/(data|e2e-selectors|i18n|runtime|schema(?!\/dist)|ui)|@emotion\/(css|react)|history|i18next|jquery|lodash|moment|prismjs|react|react-dom|react-inlinesvg|rxjs|uplot)(\/|$)/;
/** What Grafana's own router is, whichever version the plugin's tools brought along. */
const ROUTER = /^react-router(-dom)?(\/|$)/;

/**
 * @typedef {object} Libraries
 * @property {string} outfile relative to preview/
 * @property {string[]} inputs whose change asks for a new build
 * @property {import('esbuild').Plugin[]} plugins that find them
 */

/** @param {string} root preview/ @returns {Record<string, Libraries>} by major */
export function librariesOf(root) {
  return {
    13: { outfile: 'dist/public/vendor.js', inputs: ['package-lock.json'], plugins: [] },
    12: {
      outfile: 'dist/public/grafana-12/vendor.js',
      inputs: ['package-lock.json', '../package-lock.json'],
      plugins: [fromRepository(root)],
    },
  };
}

/** @param {string} root preview/ */
function fromRepository(root) {
  const plugin = join(root, '../grafana-plugin');
  return {
    name: 'from-repository',
    setup(setup) {
      if (!existsSync(join(root, '../node_modules/@grafana/ui/package.json'))) {
        throw new Error('The libraries of Grafana 12 are missing: run npm ci in the root of the repository');
      }
      setup.onResolve({ filter: /^[^./]/ }, (args) => {
        if (args.pluginData?.fromRepository) return undefined;
        const from = ROUTER.test(args.path) ? root : OF_GRAFANA.test(args.path) && isOwn(args.importer) ? plugin : null;
        if (from === null) return undefined;
        return setup.resolve(args.path, {
          importer: args.importer,
          kind: args.kind,
          resolveDir: from,
          // Other plugins resolve again, too: what each has done stays known.
          pluginData: { ...args.pluginData, fromRepository: true },
        });
      });
      setup.onResolve({ filter: /^\.\/internals$/ }, () => ({
        path: join(root, 'src/vendor/internals-grafana-12.ts'),
      }));
    },
  };

  /** Whether a file is the preview's or one of its dependencies', which would find the libraries of 13. */
  function isOwn(importer) {
    return importer.startsWith(root);
  }
}
