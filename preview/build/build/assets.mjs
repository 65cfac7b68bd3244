// Icons and fonts, at the names the server hands out.
import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** @param {string} root preview/ */
export async function buildAssets(root) {
  const target = join(root, 'dist/public');
  await rm(join(target, 'icons'), { recursive: true, force: true });
  await rm(join(target, 'fonts'), { recursive: true, force: true });

  const unicons = join(root, 'node_modules/@iconscout/unicons/svg');
  await cp(join(unicons, 'line'), join(target, 'icons/unicons'), { recursive: true });
  await cp(join(unicons, 'solid'), join(target, 'icons/solid'), { recursive: true });

  await mkdir(join(target, 'fonts'), { recursive: true });
  await copyFont(root, '@fontsource-variable/inter', 'inter-latin-wght-normal.woff2');
  await copyFont(root, '@fontsource/roboto-mono', 'roboto-mono-latin-400-normal.woff2');
}

function copyFont(root, name, file) {
  return copyFile(join(root, 'node_modules', name, 'files', file), join(root, 'dist/public/fonts', file));
}
