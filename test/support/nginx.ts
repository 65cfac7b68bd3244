import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port';
import { waitFor } from './wait-for';

/** A real nginx in front of something that stands for Grafana. */
export interface TestNginx {
  readonly url: string;
  readonly port: number;
  /** Takes further locations, or none; resolves when it goes by them. Connections that are open stay as they are. */
  reload(locations: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * What Grafana's tutorial tells to put in front of it: only `/api/live/` is upgraded.
 *
 * @see https://grafana.com/tutorials/run-grafana-behind-a-proxy/
 */
const configOf = (options: { dir: string; port: number; upstreamPort: number; locations: string; version: number }) => `
daemon off;
worker_processes 1;
pid ${options.dir}/nginx.pid;
error_log ${options.dir}/error.log;
events { worker_connections 256; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${options.dir}/${name};`).join('\n  ')}

  # This is required to proxy Grafana Live WebSocket connections.
  map $http_upgrade $connection_upgrade {
    default upgrade;
    '' close;
  }
  upstream grafana {
    server 127.0.0.1:${options.upstreamPort};
  }
  server {
    listen 127.0.0.1:${options.port};
    location / {
      proxy_set_header Host $host;
      proxy_pass http://grafana;
    }
    # Proxy Grafana Live WebSocket connections.
    location /api/live/ {
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host $host;
      proxy_pass http://grafana;
    }
    # Tells a test which configuration is in force.
    location = /nginx-version { return 200 '${options.version}'; }
    ${options.locations}
  }
}
`;

/** Starts the nginx that the test run found, on a free port of loopback. */
export async function startNginx(upstreamPort: number): Promise<TestNginx> {
  const command = process.env['FLOW_TEST_NGINX'];
  if (command === undefined) throw new Error('FLOW_TEST_NGINX is not set: run these tests with npm run test:e2e');
  const dir = await mkdtemp(path.join(tmpdir(), 'flow-test-nginx-'));
  // Its workers are another user where root starts it.
  await chmod(dir, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const file = path.join(dir, 'nginx.conf');
  let version = 1;
  const write = (locations: string) => writeFile(file, configOf({ dir, port, upstreamPort, locations, version }));
  await write('');
  const child = spawn(command, ['-p', dir, '-c', file, '-e', path.join(dir, 'error.log')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const untilInForce = () =>
    waitFor(`nginx goes by configuration ${version}`, async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${output}`);
      return (await (await fetch(`${url}/nginx-version`)).text()) === String(version);
    });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await untilInForce();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    port,
    async reload(locations) {
      version += 1;
      await write(locations);
      child.kill('SIGHUP');
      await untilInForce();
    },
    stop,
  };
}
