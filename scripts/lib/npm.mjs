import { existsSync } from 'node:fs';

/**
 * The npm that runs us, when one does: PATH may hold another.
 *
 * @param {...string} args
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(...args) {
  const script = process.env['npm_execpath'];
  const isNpm = script !== undefined && /npm-cli\.[cm]?js$/.test(script) && existsSync(script);
  return isNpm ? { command: process.execPath, args: [script, ...args] } : { command: 'npm', args };
}
