#!/usr/bin/env node
// Before a package is packed, in its folder: takes out of dist/ what was built from sources that are gone, since tsc leaves it there.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const BUILT = /\.(?:js|d\.ts)(?:\.map)?$/;

for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !BUILT.test(entry.name)) continue;
  const file = path.join(entry.parentPath, entry.name);
  const source = path.join('src', path.relative('dist', file)).replace(BUILT, '.ts');
  if (!existsSync(source)) rmSync(file);
}
