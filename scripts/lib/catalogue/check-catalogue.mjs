import path from 'node:path';
import { buildPlugin } from '../build.mjs';
import { repoRoot } from '../settings.mjs';
import { readPlugin } from './read-plugin.mjs';
import { RULES } from './rules.mjs';

const HELP = `Usage: npm run check:catalogue

Builds the Grafana plugin and checks it by the rules of Grafana's plugin catalogue that need no network. Ends with 1 when one is
broken, with 2 when it is asked wrongly.
`;

/** @param {readonly string[]} argv */
export async function checkCatalogue(argv) {
  const [argument] = argv;
  if (argument === '--help' || argument === '-h') {
    process.stdout.write(HELP);
    return;
  }
  if (argument !== undefined) {
    process.stderr.write(`✖ Unknown argument: ${argument}\n\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  await buildPlugin({ logDir: path.join(repoRoot, '.flow/logs') });
  const plugin = readPlugin(path.join(repoRoot, 'grafana-plugin/dist'), path.join(repoRoot, 'grafana-plugin/src'));
  let count = 0;
  for (const { name, faults } of RULES) {
    const found = faults(plugin);
    process.stdout.write(
      `${found.length === 0 ? '✓' : '✗'} ${name}\n${found.map((fault) => `    ${fault}\n`).join('')}`,
    );
    count += found.length;
  }
  if (count > 0) process.exitCode = 1;
}
