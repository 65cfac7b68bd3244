// The preview's own page. Whatever vendor.js holds is taken from `window.previewVendor`, so this bundles in a moment.
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

/** @param {string} root preview/ */
export async function buildPage(root) {
  const shared = await sharedModules(root);
  await build({
    entryPoints: [join(root, 'src/page/main.tsx')],
    outfile: join(root, 'dist/public/page.js'),
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    sourcemap: true,
    minify: true,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [fromVendor(shared)],
    logLevel: 'warning',
  });
}

/** The module names that src/vendor/vendor.ts registers, read from it so that the list stands once. */
async function sharedModules(root) {
  const source = await readFile(join(root, 'src/vendor/vendor.ts'), 'utf8');
  return new Set([...source.matchAll(/^ {2}'?([#@\w/.-]+)'?: /gm)].map((match) => match[1]));
}

function fromVendor(shared) {
  return {
    name: 'from-vendor',
    setup(setup) {
      setup.onResolve({ filter: /^[^./]/ }, (args) => {
        if (args.kind === 'entry-point' || !shared.has(args.path)) return undefined;
        return { path: args.path, namespace: 'vendor' };
      });
      setup.onLoad({ filter: /.*/, namespace: 'vendor' }, (args) => ({
        contents: `module.exports = window.previewVendor[${JSON.stringify(args.path)}];`,
        loader: 'js',
      }));
    },
  };
}
