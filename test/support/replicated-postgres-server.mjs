/**
 * A Postgres with a streaming replica, for the tests of who reads from one. Prints `{ primary, replica }`, their URLs, when
 * both answer, and stops both at SIGTERM. SIGUSR1 stops the replica alone; SIGUSR2 starts it again. Each is told by a line,
 * `stopped` or `started`.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../../scripts/lib/postgres-server.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { makePassword } from '../../scripts/lib/secrets.mjs';

const root = mkdtempSync(path.join(tmpdir(), 'flow-test-replica-'));
const password = makePassword();
const [port, replicaPort] = [await freePort(), await freePort()];

const startPrimary = () =>
  startPostgres({
    dir: path.join(root, 'primary'),
    logDir: path.join(root, 'primary-log'),
    password,
    port,
    fast: true,
  });
const startReplica = () =>
  startPostgres({
    dir: path.join(root, 'replica'),
    logDir: path.join(root, 'replica-log'),
    password,
    port: replicaPort,
    fast: true,
  });

// The copy of a server that was shut down is a base backup, and takes no further program.
let primary = await startPrimary();
await primary.stop();
const { dir } = primary;
const replicaDir = path.join(path.dirname(dir), 'replica');
execFileSync('cp', ['-a', dir, replicaDir]);
primary = await startPrimary();
writeFileSync(path.join(replicaDir, 'standby.signal'), '');
appendFileSync(
  path.join(replicaDir, 'postgresql.auto.conf'),
  `primary_conninfo = 'host=127.0.0.1 port=${port} user=flow password=${password}'\n`,
);
let replica = await startReplica();

process.once('SIGTERM', () => {
  void Promise.all([primary.stop(), replica.stop()]).then(() => {
    rmSync(root, { recursive: true });
    if (path.dirname(dir) !== root) for (const own of [dir, replicaDir]) rmSync(own, { recursive: true, force: true });
    process.exit(0);
  });
});
process.on('SIGUSR1', () => void replica.stop().then(() => console.log('stopped')));
process.on('SIGUSR2', () => {
  void startReplica().then((started) => {
    replica = started;
    console.log('started');
  });
});
console.log(JSON.stringify({ primary: primary.url, replica: replica.url }));
// Servers of their own process groups keep nobody alive.
setInterval(() => undefined, 60_000);
