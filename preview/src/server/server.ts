import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { serveApi } from './api';
import { createBootPayload } from './boot-payload';
import { choicesOf, chosenBy } from './choices';
import { createCatalogueReader, type CatalogueReader } from './catalogue';
import type { PreviewConfig } from './config';
import { PreviewError, systemCode } from './errors';
import { isPagePath } from '../shared/boot';
import { isLoopback, refusalOf } from './origin-check';
import { renderPage } from './page-html';
import { proxyHttp } from './proxy-http';
import { isProxyPath, resolveTarget } from './proxy-target';
import { proxyUpgrade, refuseUpgrade } from './proxy-upgrade';
import { sendJson, sendText } from './responses';
import { serveStatic } from './static-files';

export interface PreviewServer {
  /** Where it listens, without a path. */
  url: string;
  problems: string[];
  leftOut: string[];
  /** Ends every connection, the upgraded ones too. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the server.
 * @throws PreviewError `PORT_BUSY`
 */
export async function startServer(config: PreviewConfig): Promise<PreviewServer> {
  const reader = createCatalogueReader(config);
  const upgraded = new Set<Duplex>();
  const boundToLoopback = isLoopback(config.host);

  const server = createServer((req, res) => {
    const refusal = refusalOf(req, boundToLoopback);
    if (refusal) return sendJson(res, 403, { message: refusal });
    handle(req, res, reader, config).catch((error: unknown) => {
      if (res.headersSent) res.destroy();
      else sendJson(res, 500, { message: error instanceof Error ? error.message : String(error) });
    });
  });
  const track = (socket: Duplex): void => {
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
  };
  server.on('upgrade', (req, client: Duplex, head: Buffer) => {
    track(client);
    client.on('error', () => client.destroy());
    const refusal = refusalOf(req, boundToLoopback);
    if (refusal) return refuseUpgrade(client, 403, JSON.stringify({ message: refusal }));
    handleUpgrade(req, client, head, reader, config, track).catch(() => client.destroy());
  });

  await listen(server, config);
  const { port } = server.address() as AddressInfo;
  const { problems, leftOut } = await reader.read();
  return {
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    problems,
    leftOut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        upgraded.forEach((socket) => socket.destroy());
      }),
  };
}

async function handle(
  req: IncomingMessage,
  res: ServerResponse,
  reader: CatalogueReader,
  configured: PreviewConfig,
): Promise<void> {
  const url = new URL(`http://preview${req.url ?? '/'}`);
  if (url.pathname === '/healthz') return sendText(res, 200, 'text/plain; charset=utf-8', 'ok\n');
  const catalogue = await reader.read();
  const config = chosenBy(req, configured);

  if (isProxyPath(url.pathname)) {
    const target = resolveTarget(req, catalogue, config);
    return 'url' in target ? proxyHttp(req, res, target) : sendJson(res, target.status, { message: target.message });
  }
  if (url.pathname.startsWith('/api/')) return serveApi(req, res, url, catalogue, config);
  if (url.pathname.startsWith('/public/')) {
    return serveStatic(req, res, decodePath(url.pathname), config.publicDir, catalogue.plugins);
  }
  if (req.method !== 'GET' && req.method !== 'HEAD') return sendJson(res, 405, { message: 'method not allowed' });
  if (isPagePath(url.pathname)) {
    const boot = createBootPayload(catalogue, config, choicesOf(configured));
    return sendText(res, 200, 'text/html; charset=utf-8', renderPage(boot, config.grafana));
  }
  sendJson(res, 404, { message: `${url.pathname} not found` });
}

async function handleUpgrade(
  req: IncomingMessage,
  client: Duplex,
  head: Buffer,
  reader: CatalogueReader,
  config: PreviewConfig,
  track: (socket: Duplex) => void,
): Promise<void> {
  const { pathname } = new URL(`http://preview${req.url ?? '/'}`);
  if (!isProxyPath(pathname)) return refuseUpgrade(client, 404, JSON.stringify({ message: 'not found' }));
  const target = resolveTarget(req, await reader.read(), chosenBy(req, config));
  if ('url' in target) return proxyUpgrade(req, client, head, target, track);
  refuseUpgrade(client, target.status, JSON.stringify({ message: target.message }));
}

function listen(server: Server, { host, port }: PreviewConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (systemCode(error) !== 'EADDRINUSE') return reject(error);
      reject(new PreviewError('PORT_BUSY', `port ${port} on ${host} is in use: set FLOW_PREVIEW_PORT to another one`));
    });
    server.listen(port, host, resolve);
  });
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
