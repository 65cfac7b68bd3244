import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket, { WebSocketServer } from 'ws';
import { freePort } from './support/free-port';
import { waitFor } from './support/wait-for';

/** The nginx of docker-compose.yml, with its own file, before a server that tells what reached it. */
describe('the nginx of docker-compose.yml', () => {
  const dir = mkdtempSync(join(tmpdir(), 'flow-docker-nginx-'));
  let grafana: Server;
  let nginx: ChildProcess;
  let port: number;

  beforeAll(async () => {
    grafana = createServer((request, response) => {
      response.end(JSON.stringify({ path: request.url, host: request.headers.host, upgrade: request.headers.upgrade }));
    });
    new WebSocketServer({ server: grafana }).on('connection', (socket) => socket.send('hello'));
    await new Promise<void>((resolve) => grafana.listen(0, '127.0.0.1', resolve));
    port = await freePort();
    const site = readFileSync(join(__dirname, '..', 'scripts', 'docker', 'nginx.conf'), 'utf8')
      .replaceAll('http://grafana:3000', `http://127.0.0.1:${(grafana.address() as AddressInfo).port}`)
      .replace('listen 80;', `listen 127.0.0.1:${port};`);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${dir}/${name};`)
      .join('\n');
    writeFileSync(
      join(dir, 'nginx.conf'),
      `daemon off;\npid ${dir}/nginx.pid;\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${site}\n}\n`,
    );
    // Its workers are another user where root starts it.
    chmodSync(dir, 0o755);
    const command = process.env['FLOW_TEST_NGINX'];
    if (command === undefined) throw new Error('FLOW_TEST_NGINX is not set: run this with npm run test:e2e');
    const args = ['-p', dir, '-c', join(dir, 'nginx.conf'), '-e', join(dir, 'error.log')];
    nginx = spawn(command, args, { stdio: 'ignore' });
    await waitFor('nginx answers', async () => (await fetch(`http://127.0.0.1:${port}/api/health`)).ok);
  });

  afterAll(async () => {
    const exited = once(nginx, 'exit');
    nginx.kill('SIGTERM');
    await exited;
    grafana.closeAllConnections();
    await new Promise((resolve) => grafana.close(resolve));
    rmSync(dir, { recursive: true, force: true });
  });

  /** The first message of a WebSocket, or the status by which it was refused. */
  const open = async (path: string): Promise<string> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
    const answer = await new Promise<string>((resolve) => {
      socket.on('message', (data: Buffer) => resolve(data.toString()));
      socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
      socket.on('error', (error) => resolve(error.message));
    });
    socket.terminate();
    return answer;
  };

  it('lets the WebSockets of Grafana and of the plugin through, and no other', async () => {
    expect(await open('/api/live/ws')).toBe('hello');
    expect(await open('/api/datasources/proxy/uid/flow-tracking/ws/flows')).toBe('hello');
    expect(await open('/api/other')).toBe('200');
  });

  it('passes HTTP of the same paths on as it is, with the host that the browser named', async () => {
    const path = '/api/datasources/proxy/uid/flow-tracking/api/v1/flows?user=a%2Fb%23c';
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    expect(await response.json()).toEqual({ path, host: `127.0.0.1:${port}` });
  });
});
