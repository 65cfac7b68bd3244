import { join } from 'node:path';
import { freePort } from './free-port';
import { startNode, untilHealthy, type TestProcess } from './process';

const MAIN = join(__dirname, '..', '..', 'preview', 'dist', 'server.js');

/** Starts the preview, of the major of Grafana that this run is for, with tokens that a test's bridge takes. */
export async function startPreview(options: {
  bridgeUrl: string;
  readToken: string;
  controlToken: string;
  env?: Readonly<Record<string, string>>;
}): Promise<TestProcess & { url: string }> {
  const grafana = process.env['FLOW_PREVIEW_GRAFANA'];
  // The preview's default is no choice of the tests'.
  if (grafana === undefined)
    throw new Error('FLOW_PREVIEW_GRAFANA: expected 12 or 13, by setupFiles of jest.config.mjs');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const preview = startNode([MAIN], {
    FLOW_PREVIEW_PORT: String(port),
    FLOW_PREVIEW_GRAFANA: grafana,
    FLOW_BRIDGE_URL: options.bridgeUrl,
    FLOW_READ_TOKEN: options.readToken,
    FLOW_CONTROL_TOKEN: options.controlToken,
    ...options.env,
  });
  await untilHealthy(preview, `${url}/healthz`);
  return { ...preview, url };
}
