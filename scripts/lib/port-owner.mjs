import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/**
 * Who listens on a port, as far as this user may know it.
 *
 * @param {number} port
 * @returns {{ pid: number, name: string } | undefined}
 */
export function portOwner(port) {
  const pid = process.platform === 'linux' ? pidFromProc(port) : pidFromLsof(port);
  return pid === undefined ? undefined : { pid, name: nameOf(pid) };
}

/** @param {number} port */
function pidFromProc(port) {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
        if (inode !== undefined && inodes.has(inode)) return Number(pid);
      }
    } catch {
      // Another user's process, or one that just ended.
    }
  }
  return undefined;
}

/** @param {number} port */
function listeningInodes(port) {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set();
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readLines(file).slice(1)) {
      const fields = line.trim().split(/\s+/);
      // Field 3 is the state; 0A is LISTEN.
      if (fields[1]?.endsWith(suffix) && fields[3] === '0A') inodes.add(fields[9]);
    }
  }
  return inodes;
}

/** @param {string} file */
function readLines(file) {
  try {
    return readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

/** @param {number} port */
function pidFromLsof(port) {
  try {
    const text = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return Number(text.trim().split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function nameOf(pid) {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return 'a process';
  }
}
