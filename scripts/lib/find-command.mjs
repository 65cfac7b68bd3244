import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {string} name
 * @param {string[]} [folders] default: PATH
 * @returns {string | undefined} the full path of the executable
 */
export function findCommand(name, folders = (process.env['PATH'] ?? '').split(path.delimiter)) {
  for (const folder of folders) {
    const file = path.join(folder, name);
    if (folder !== '' && isExecutable(file)) return file;
  }
  return undefined;
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** @param {string} file */
export function realFolder(file) {
  return path.dirname(realpathSync(file));
}
