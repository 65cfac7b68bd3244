// Builds dist/: server.js (self-contained), public/vendor.js (Grafana's libraries, slow, rarely) and public/page.js
// (the preview's own page, fast). Each part is skipped when nothing it is made of has changed.
import { mkdir } from 'node:fs/promises';
import { buildAssets } from './assets.mjs';
import { whenChanged } from './fingerprint.mjs';
import { buildPage } from './page.mjs';
import { buildServer } from './server.mjs';
import { buildVendor } from './vendor.mjs';

const started = Date.now();
await mkdir(new URL('../dist/public', import.meta.url), { recursive: true });

// What every part depends on: the installed versions, and these build scripts.
const common = ['package-lock.json', 'build'];
const built = [
  await whenChanged('vendor', [...common, 'src/vendor'], ['dist/public/vendor.js'], buildVendor),
  await whenChanged('assets', common, ['dist/public/icons', 'dist/public/fonts'], buildAssets),
  await whenChanged('page', [...common, 'src/page', 'src/shared', 'src/vendor'], ['dist/public/page.js'], buildPage),
  await whenChanged('server', [...common, 'src/server', 'src/shared'], ['dist/server.js'], buildServer),
].filter(Boolean);

const seconds = ((Date.now() - started) / 1000).toFixed(1);
console.log(built.length > 0 ? `preview built ${built.join(', ')} in ${seconds} s` : 'preview is up to date');
