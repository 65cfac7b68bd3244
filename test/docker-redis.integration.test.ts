import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { parse } from 'yaml';
import { freePort } from './support/free-port';
import { answers } from './support/redis-server';
import { waitFor } from './support/wait-for';

const PASSWORD = 'of-the-test';
const compose = parse(readFileSync(join(__dirname, '..', 'docker-compose.yml'), 'utf8')) as {
  services: { redis: { command: [string, ...string[]] } };
};

/** The command of docker-compose.yml, with the image's entrypoint replaced by one that starts the Redis of this machine. */
describe('the Redis of docker-compose.yml', () => {
  const dir = mkdtempSync(join(tmpdir(), 'flow-docker-redis-'));
  let redis: ChildProcess;
  let port: number;

  beforeAll(async () => {
    const { command, libraryPath } = JSON.parse(process.env['FLOW_TEST_REDIS_SERVER'] ?? '') as {
      command: string;
      libraryPath?: string;
    };
    port = await freePort();
    const entrypoint = join(dir, 'docker-entrypoint.sh');
    writeFileSync(
      entrypoint,
      `#!/bin/sh\nshift\nexec "${command}" "$@" --port ${port} --bind 127.0.0.1 --dir "${dir}"\n`,
    );
    chmodSync(entrypoint, 0o700);
    // Compose makes one dollar of two.
    const [program, ...args] = compose.services.redis.command.map((word) => word.replaceAll('$$', '$'));
    redis = spawn(program ?? '', args, {
      stdio: 'ignore',
      env: {
        PATH: [dir, process.env['PATH']].join(delimiter),
        REDISCLI_AUTH: PASSWORD,
        ...(libraryPath && { LD_LIBRARY_PATH: libraryPath }),
      },
    });
    await waitFor('an answer of Redis', () => answers(`redis://:${PASSWORD}@127.0.0.1:${port}`).catch(() => false));
  });

  afterAll(async () => {
    const exited = once(redis, 'exit');
    redis.kill('SIGTERM');
    await exited;
    rmSync(dir, { recursive: true, force: true });
  });

  it('takes the password only, and is set up as a store', async () => {
    const stranger = new Redis(port, '127.0.0.1', { enableReadyCheck: false });
    await expect(stranger.ping()).rejects.toThrow(/NOAUTH/);
    stranger.disconnect();
    const client = new Redis(`redis://:${PASSWORD}@127.0.0.1:${port}`);
    const settings = await client.config('GET', 'appendonly', 'appendfsync', 'maxmemory-policy');
    client.disconnect();
    expect(settings).toEqual(expect.arrayContaining(['appendonly', 'yes', 'appendfsync', 'everysec', 'noeviction']));
  });

  it('is the process that the container stops, with no password on its command line', () => {
    // Of a shell in between it would be the child.
    const text = execFileSync('ps', ['-o', 'command=', '-p', String(redis.pid)], { encoding: 'utf8' });
    expect(text).toContain('redis-server');
    expect(text).not.toContain(PASSWORD);
  });
});
