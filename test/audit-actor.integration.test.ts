import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { request, startTestBridge } from './support/bridge';
import { createTestDatabase, uniquePrefix, type TestDatabase } from './support/services';

interface PreviewServer {
  url: string;
  close(): Promise<void>;
}
/** Not imported: the preview is built for browsers and bundlers, and its types are checked by its own settings. */
const { startServer } = jest.requireActual<{ startServer: (config: object) => Promise<PreviewServer> }>(
  '../preview/src/server/server',
);

const root = path.join(__dirname, '..');
const SETTING = 'GF_DATAPROXY_SEND_USER_HEADER';

/** What `npm start` gives the preview. */
async function previewEnv(bridgePort: number): Promise<Record<string, string>> {
  const settings = JSON.stringify({ bridgePort, bridgeHost: '127.0.0.1', previewPort: 0 });
  const script = `import { previewApp } from ${JSON.stringify(path.join(root, 'scripts/lib/apps.mjs'))};
    console.log(JSON.stringify(previewApp(${settings}).env));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout) as Record<string, string>;
}

describe('a grant that is made through the datasource proxy', () => {
  let database: TestDatabase;
  let bridge: Awaited<ReturnType<typeof startTestBridge>>;
  let preview: PreviewServer;

  beforeAll(async () => {
    database = await createTestDatabase();
    bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
    const env = await previewEnv(bridge.port);
    preview = await startServer({
      host: '127.0.0.1',
      port: 0,
      pluginDir: path.join(root, 'grafana-plugin', 'src'),
      provisioningDir: path.join(root, 'provisioning'),
      publicDir: path.join(root, 'preview', 'dist', 'public'),
      role: 'Admin',
      sendUserHeader: env[SETTING] === 'true',
      variables: env,
    });
  });
  afterAll(async () => {
    await preview.close();
    await bridge.stop();
    await database.drop();
  });

  it('tells who made it, in the list and in the audit', async () => {
    const proxy = `${preview.url}/api/datasources/proxy/uid/flow-tracking/api/v1/monitoring`;
    const enabled = await request(`${proxy}/enable/ann?ttl_hours=1`, { method: 'POST' });
    expect([enabled.status, enabled.body.grant?.enabled_by]).toEqual([200, 'preview']);
    const { body } = await request(`${bridge.url}/api/v1/monitoring/audit?user=ann`);
    expect(body.entries).toEqual([expect.objectContaining({ action: 'enable', actor: 'preview' })]);
  });

  it('does so with docker compose, too', () => {
    const compose = parse(readFileSync(path.join(root, 'docker-compose.yml'), 'utf8')) as {
      services: { grafana: { environment: Record<string, string> } };
    };
    expect(compose.services.grafana.environment[SETTING]).toBe('true');
  });
});
