// Builds dist/: server.js (self-contained), public/vendor.js (Grafana's libraries, slow, rarely) and public/page.js
// (the preview's own page, fast). Each part is skipped when nothing it is made of has changed.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildAssets } from './assets.mjs';
import { whenChanged } from './fingerprint.mjs';
import { librariesOf } from './libraries.mjs';
import { buildPage } from './page.mjs';
import { buildServer } from './server.mjs';
import { buildVendor } from './vendor.mjs';

const started = Date.now();
const root = fileURLToPath(new URL('..', import.meta.url));
const known = librariesOf(root);
// Without an argument that of src/shared/grafana.ts.
const [, asked = '12'] = /^--grafana=(.+)$/.exec(process.argv[2] ?? '--grafana=12') ?? [];
const majors = asked.split(',');
if (process.argv.length > 3 || !majors.every((major) => known[major])) {
  console.error(
    `build: expected --grafana=12, --grafana=13 or --grafana=12,13, got ${process.argv.slice(2).join(' ')}`,
  );
  process.exit(2);
}
await mkdir(new URL('../dist/public', import.meta.url), { recursive: true });

// What every part depends on: the installed versions, and these build scripts.
const common = ['package-lock.json', 'build'];
const vendors = [];
for (const major of majors) {
  const { inputs, outfile } = known[major];
  const build = () => buildVendor(root, known[major]);
  vendors.push(await whenChanged(`vendor-${major}`, [...inputs, 'build', 'src/vendor'], [outfile], build));
}
const built = [
  ...vendors,
  await whenChanged('assets', common, ['dist/public/icons', 'dist/public/fonts'], buildAssets),
  await whenChanged('page', [...common, 'src/page', 'src/shared', 'src/vendor'], ['dist/public/page.js'], buildPage),
  await whenChanged('server', [...common, 'src/server', 'src/shared'], ['dist/server.js'], buildServer),
].filter(Boolean);

const seconds = ((Date.now() - started) / 1000).toFixed(1);
console.log(built.length > 0 ? `preview built ${built.join(', ')} in ${seconds} s` : 'preview is up to date');
