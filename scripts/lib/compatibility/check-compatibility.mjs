import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { npmCommand } from '../npm.mjs';
import { printFailure } from '../setup-error.mjs';
import { readReport } from './levitate-report.mjs';
import { makeWorkspace, PACKAGES } from './levitate-workspace.mjs';

const LEVITATE = '@grafana/levitate@0.17.2';
const HELP = `Usage: npm run check:compatibility

Compares what the plugin imports of Grafana's packages, as it is built against them, with the other version that the preview is made
of, by Grafana's levitate, which npm fetches. Ends with 1 when a name is gone there, or when something was not compared.
`;

/** @param {readonly string[]} argv */
export async function checkCompatibility(argv) {
  const [argument] = argv;
  if (argument !== undefined) {
    const isHelp = argument === '--help' || argument === '-h';
    process[isHelp ? 'stdout' : 'stderr'].write(isHelp ? HELP : `✖ Unknown argument: ${argument}\n\n${HELP}`);
    process.exitCode = isHelp ? 0 : 2;
    return;
  }
  const dir = mkdtempSync(path.join(tmpdir(), 'flow-levitate-'));
  try {
    const { modules, from, to } = makeWorkspace(dir);
    for (const module of modules) {
      const report = await compare(dir, module, to);
      const faults = [
        ...report.notCompared.map((name) => `${name} was not compared`),
        ...report.removed.map((name) => `${name} is not in ${to}`),
      ];
      process.stdout.write(
        `${faults.length === 0 ? '✓' : '✗'} ${module}: ${PACKAGES.join(', ')}, ${from} with ${to}\n`,
      );
      for (const fault of faults) process.stdout.write(`    ${fault}\n`);
      for (const name of new Set(report.changed)) process.stdout.write(`    declared otherwise: ${name}\n`);
      if (faults.length > 0) process.exitCode = 1;
    }
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Runs levitate on one module.
 *
 * @param {string} dir as `makeWorkspace` has made it
 * @param {string} module below `dir`
 * @param {string} version to compare with
 */
export async function compare(dir, module, version) {
  const target = PACKAGES.map((name) => `${name}@${version}`).join(',');
  const args = [
    'exec',
    '--yes',
    `--package=${LEVITATE}`,
    '--',
    'levitate',
    'is-compatible',
    '--path',
    module,
    '--target',
    target,
  ];
  const npm = npmCommand(...args);
  const logFile = path.join(dir, 'levitate.log');
  // One file for both streams, so that what was compared stands beside the package that it was said of.
  const log = openSync(logFile, 'w');
  const child = spawn(npm.command, npm.args, { cwd: dir, stdio: ['ignore', log, log] });
  await once(child, 'exit');
  closeSync(log);
  return readReport(readFileSync(logFile, 'utf8'), PACKAGES);
}
