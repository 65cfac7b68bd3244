// One file for Node, with the YAML parser inside: `node dist/server.js` needs no node_modules.
import { join } from 'node:path';
import { build } from 'esbuild';

/** @param {string} root preview/ */
export async function buildServer(root) {
  await build({
    entryPoints: [join(root, 'src/server/main.ts')],
    outfile: join(root, 'dist/server.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    // The parser is CommonJS inside an ES module, and asks for `process` and `buffer` by require.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
}
