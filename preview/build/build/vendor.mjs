// Grafana's published libraries and all that they share with plugins, as one script that fills
// `window.previewVendor`. It takes most of the build's time and changes only with the lockfile.
import { dirname, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

/** @param {string} root preview/ @param {import('./libraries.mjs').Libraries} libraries */
export async function buildVendor(root, { outfile, plugins }) {
  await build({
    entryPoints: [join(root, 'src/vendor/vendor.ts')],
    outfile: join(root, outfile),
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    define: {
      'process.env.NODE_ENV': '"production"',
      // SystemJS's AMD support puts a global `define` on the page, which UMD builds would take for theirs.
      define: 'undefined',
      global: 'globalThis',
    },
    plugins: [withoutUnused(), grafanaAsScripts(), ...plugins],
    loader: { '.svg': 'text' },
    logLevel: 'error',
  });
}

/**
 * The `.mjs` files of @grafana/* import CommonJS packages as bundlers do (the default import is `exports.default`).
 * The extension would make esbuild follow Node's rule instead, so it is hidden from it.
 */
function grafanaAsScripts() {
  return {
    name: 'grafana-as-scripts',
    setup(setup) {
      setup.onResolve({ filter: /.*/ }, async (args) => {
        if (args.pluginData?.asScript) return undefined;
        const { path, ...rest } = args;
        const found = await setup.resolve(path, {
          importer: rest.importer,
          kind: rest.kind,
          namespace: 'file',
          resolveDir: rest.resolveDir,
          pluginData: { ...args.pluginData, asScript: true },
        });
        if (found.errors.length > 0 || found.namespace !== 'file' || !isGrafanaModule(found.path)) return found;
        return { path: found.path, namespace: 'grafana', sideEffects: found.sideEffects };
      });
      setup.onLoad({ filter: /.*/, namespace: 'grafana' }, async (args) => ({
        contents: await readFile(args.path, 'utf8'),
        loader: 'js',
        resolveDir: dirname(args.path),
      }));
    },
  };
}

const isGrafanaModule = (path) => /[\\/]@grafana[\\/].*\.mjs$/.test(path);

/** The code editor, maps and telemetry transport are installed as empty packages (package.json `overrides`). */
function withoutUnused() {
  const empty = /^(monaco-editor|ol|@opentelemetry\/otlp-transformer)(\/|$)/;
  return {
    name: 'without-unused',
    setup(setup) {
      setup.onResolve({ filter: empty }, (args) => ({ path: args.path, namespace: 'empty' }));
      setup.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
      // Version 5's compatibility layer exports version 6's API, which is what the preview has.
      setup.onResolve({ filter: /^react-router-dom-v5-compat$/ }, (args) =>
        setup.resolve('react-router-dom', { importer: args.importer, kind: args.kind, resolveDir: args.resolveDir }),
      );
    },
  };
}
