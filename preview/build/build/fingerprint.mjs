// Skips a part of the build when its inputs hash to what they hashed to last time and its outputs are still there.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs `build` unless `inputs` are unchanged and `outputs` exist. Paths are relative to preview/.
 * @returns {Promise<string | undefined>} `name` when it was built
 */
export async function whenChanged(name, inputs, outputs, build) {
  const stampFile = join(root, 'dist/.stamps', name);
  const stamp = await fingerprint(inputs);
  const previous = existsSync(stampFile) ? await readFile(stampFile, 'utf8') : '';
  if (previous === stamp && outputs.every((path) => existsSync(join(root, path)))) return undefined;
  await build(root);
  await mkdir(join(root, 'dist/.stamps'), { recursive: true });
  await writeFile(stampFile, stamp);
  return name;
}

async function fingerprint(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of await filesUnder(join(root, input))) {
      hash.update(file.slice(root.length)).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

async function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).sort();
  return (await Promise.all(names.map((name) => filesUnder(join(path, name))))).flat();
}
