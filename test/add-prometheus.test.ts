import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SCRIPT = join(__dirname, '..', 'scripts', 'docker', 'add-prometheus.mjs');
const run = promisify(execFile);

/** A stand-in for Grafana's two routes: it keeps datasources by uid, and takes one password. */
interface Stand {
  server: Server;
  url: string;
  known: Map<string, Record<string, unknown>>;
}

async function startStand(): Promise<Stand> {
  const known = new Map<string, Record<string, unknown>>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const answer = (status: number, message: string) => response.writeHead(status).end(JSON.stringify({ message }));
      const login = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
      if (login !== 'admin:right') return void answer(401, 'Invalid username or password');
      const body = JSON.parse(text) as Record<string, unknown> & { uid: string };
      const uid = /^\/api\/datasources\/uid\/(.+)$/.exec(request.url ?? '')?.[1];
      if (request.method === 'PUT' && uid !== undefined) {
        if (!known.has(uid)) return void answer(404, 'Data source not found');
      } else if (request.method !== 'POST' || request.url !== '/api/datasources' || known.has(body.uid)) {
        return void answer(409, 'data source with the same uid already exists');
      }
      known.set(body.uid, body);
      answer(200, 'Datasource saved');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, known, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('the script that tells Grafana of Prometheus', () => {
  let stand: Stand;
  beforeEach(async () => void (stand = await startStand()));
  afterEach(() => new Promise((resolve) => stand.server.close(resolve)));

  const environment = (more: Record<string, string> = {}) => ({
    GRAFANA_URL: stand.url,
    GRAFANA_USER: 'admin',
    GRAFANA_PASSWORD: 'right',
    PROMETHEUS_URL: 'http://prometheus:9090',
    ...more,
  });
  const add = (env: Record<string, string>) => run(process.execPath, [SCRIPT], { env });

  it('adds the datasource, and brings it up to date when it is there', async () => {
    expect((await add(environment())).stdout).toBe('Added the datasource "Flow tracking metrics" of Grafana.\n');
    expect((await add(environment({ PROMETHEUS_URL: 'http://other:9090' }))).stdout).toContain('Updated');
    expect([...stand.known.values()]).toMatchObject([
      { uid: 'flow-prometheus', type: 'prometheus', url: 'http://other:9090', access: 'proxy', isDefault: false },
    ]);
  });

  it('says what to do when the password is another one by now, without telling it', async () => {
    const failure: unknown = await add(environment({ GRAFANA_PASSWORD: 'of-yesterday' })).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 1, stderr: expect.stringContaining('by hand') as unknown });
    expect((failure as { stderr: string }).stderr).not.toContain('of-yesterday');
  });

  it('names the variable that is not set', async () => {
    const { PROMETHEUS_URL: _left, ...env } = environment();
    await expect(add(env)).rejects.toMatchObject({ code: 2, stderr: 'add-prometheus: PROMETHEUS_URL is not set\n' });
  });
});
