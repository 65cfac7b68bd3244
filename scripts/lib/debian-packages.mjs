import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findCommand } from './find-command.mjs';
import { runCommand } from './run-command.mjs';

const POLICY = '/usr/sbin/policy-rc.d';

export function hasApt() {
  return findCommand('apt-get') !== undefined && findCommand('dpkg') !== undefined;
}

/**
 * Installs packages with apt-get, as root, without letting them start a service: ours run on ports of their own.
 *
 * @param {{ packages: string[], logFile: string, abort?: AbortSignal }} options
 */
export async function installPackages({ packages, logFile, abort }) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = { command: 'apt-get', env, abort };
  await runCommand({ ...apt, name: 'apt-get update', args: ['update'], logFile: besides(logFile, 'update') });
  // invoke-rc.d and deb-systemd-invoke ask this file; 101 means "not allowed".
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const args = ['install', '-y', '--no-install-recommends', ...packages];
    await runCommand({ ...apt, name: `apt-get install ${packages.join(' ')}`, args, logFile });
  } finally {
    if (isOurs) rmSync(POLICY, { force: true });
  }
}

/**
 * Downloads packages and unpacks them into a folder of ours, which needs no rights and leaves the system as it is.
 *
 * @param {{ packages: string[], logFile: string, target: string, alone?: boolean, abort?: AbortSignal }} options
 *   `alone`: without what they depend on
 */
export async function unpackPackages({ packages, logFile, target, alone = false, abort }) {
  const work = `${target}.new`;
  rmSync(work, { recursive: true, force: true });
  for (const folder of ['lists/partial', 'cache/archives/partial', 'debs', 'root']) {
    mkdirSync(path.join(work, folder), { recursive: true });
  }
  // Lists of our own: those of the system may be missing, as in a fresh container, and are not ours to renew.
  const options = [`Dir::State::Lists=${work}/lists`, `Dir::Cache=${work}/cache`, 'Debug::NoLocking=1'].flatMap(
    (option) => ['-o', option],
  );
  const apt = { command: 'apt-get', cwd: path.join(work, 'debs'), abort };
  await runCommand({
    ...apt,
    name: 'apt-get update',
    args: [...options, 'update'],
    logFile: besides(logFile, 'update'),
  });
  const needed = [...new Set([...packages, ...(alone ? [] : missingPackages(options, packages))])];
  const available = needed.filter((name) => isAvailable(options, name));
  await runCommand({ ...apt, name: 'apt-get download', args: [...options, 'download', ...available], logFile });
  for (const file of readdirSync(apt.cwd)) {
    const args = ['-x', path.join(apt.cwd, file), path.join(work, 'root')];
    await runCommand({ name: `dpkg -x ${file}`, command: 'dpkg', args, logFile: besides(logFile, 'dpkg'), abort });
  }
  rmSync(target, { recursive: true, force: true });
  renameSync(path.join(work, 'root'), target);
  rmSync(work, { recursive: true, force: true });
}

/**
 * What apt would install for these: other releases need other libraries than those known by name.
 *
 * @param {string[]} options
 * @param {string[]} packages
 */
function missingPackages(options, packages) {
  const plan = ask(['apt-get', ...options, '-s', 'install', '--no-install-recommends', packages[0] ?? '']);
  return [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '').filter((name) => name !== '');
}

/** @param {string[]} options @param {string} name */
function isAvailable(options, name) {
  return ask(['apt-cache', ...options, 'show', '--no-all-versions', name]).includes('Filename:');
}

/** @param {string[]} words */
function ask([command = '', ...args]) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1e8 });
  } catch {
    return '';
  }
}

/** @param {string} logFile @param {string} suffix */
function besides(logFile, suffix) {
  return logFile.replace(/(\.log)?$/, `-${suffix}.log`);
}
