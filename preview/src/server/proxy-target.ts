import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { posix } from 'node:path';
import type { ProxyRoute } from '../shared/boot';
import type { Catalogue } from './catalogue';
import type { PreviewConfig } from './config';
import { actionsOf, hasRole } from './plugins';
import type { DataSource } from './provisioning';

/** Where a request to the data source proxy goes, or why it goes nowhere. */
export type ProxyTarget =
  { url: URL; headers: Record<string, string | string[]> } | { status: number; message: string };

const PREFIX = '/api/datasources/proxy/uid/';

// Of one connection only, or of the browser's session with Grafana: none of the bridge's business.
const NOT_FORWARDED = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'host', 'cookie', 'origin', 'referer', 'authorization', 'x-grafana-user', 'x-grafana-referer'],
  ...['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'forwarded'],
]);

/** Whether `path` is the proxy's. */
export function isProxyPath(path: string): boolean {
  return path.startsWith(PREFIX);
}

/** Does what Grafana's data source proxy does to a request before it sends it on. */
export function resolveTarget(req: IncomingMessage, catalogue: Catalogue, config: PreviewConfig): ProxyTarget {
  const [path = '', query] = splitOnce(req.url ?? '', '?');
  const [uid = '', rest = ''] = splitOnce(path.slice(PREFIX.length), '/');
  const dataSource = catalogue.dataSources.find((item) => encodeURIComponent(item.uid) === uid);
  if (!dataSource) return { status: 404, message: `no provisioned data source has the uid "${uid}"` };
  if (!URL.canParse(dataSource.url)) {
    return { status: 400, message: `the url of data source "${uid}" is not a URL: "${dataSource.url}"` };
  }

  // The host stays that of the data source, whatever the rest of the path holds.
  const base = new URL(dataSource.url);
  const basePath = base.pathname.replace(/\/$/, '');
  const url = new URL(`${base.origin}${basePath}/${rest}${query === undefined ? '' : `?${query}`}`);
  const cleaned = cleanPath(url.pathname.slice(basePath.length));
  if (!url.pathname.startsWith(`${basePath}/`) || cleaned === undefined) {
    return { status: 400, message: 'the path leaves the data source' };
  }

  const routes = catalogue.plugins.find((plugin) => plugin.id === dataSource.type)?.json.routes ?? [];
  const route = routes.find((candidate) => matches(candidate, req.method ?? 'GET', cleaned));
  if (route && !isAllowed(route, catalogue, config)) {
    return { status: 403, message: 'plugin proxy route access denied' };
  }
  return { url, headers: forwardedHeaders(req, route, dataSource, config) };
}

/** First match wins, by method and path prefix; a route without a method is for all of them. */
function matches(route: ProxyRoute, method: string, path: string): boolean {
  if (route.method && route.method !== '*' && route.method.toUpperCase() !== method.toUpperCase()) return false;
  return path.startsWith(cleanPath(route.path) ?? '\0');
}

function isAllowed(route: ProxyRoute, catalogue: Catalogue, config: PreviewConfig): boolean {
  if (route.reqAction) return actionsOf(config.role, catalogue.plugins).has(route.reqAction);
  return !route.reqRole || hasRole(config.role, route.reqRole);
}

/** Decoded, without `.` and `..`, without slashes at its ends. Undefined when it can't be decoded. */
function cleanPath(path: string): string | undefined {
  try {
    return posix.normalize(`/${decodeURIComponent(path)}`).replace(/^\/+|\/+$/g, '');
  } catch {
    return undefined;
  }
}

function forwardedHeaders(
  req: IncomingMessage,
  route: ProxyRoute | undefined,
  dataSource: DataSource,
  config: PreviewConfig,
): Record<string, string | string[]> {
  const headers = keepForwarded(req.headers);
  if (req.headers.referer) headers['x-grafana-referer'] = req.headers.referer;
  const chain = [req.headers['x-forwarded-for'], req.socket.remoteAddress].flat().filter(Boolean);
  headers['x-forwarded-for'] = chain.join(', ');
  if (config.sendUserHeader) headers['x-grafana-user'] = 'preview';
  for (const { name, content } of route?.headers ?? []) {
    const value = fillSecrets(content, dataSource.secureJsonData);
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  return headers;
}

function keepForwarded(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const listed = String(headers.connection ?? '')
    .toLowerCase()
    .split(/\s*,\s*/);
  const kept = Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name) && !listed.includes(name));
  return Object.fromEntries(kept) as Record<string, string | string[]>;
}

/**
 * Fills `{{ .SecureJsonData.name }}`. Undefined when one of the secrets is empty: Grafana would send a bare "Bearer ",
 * but here an empty token means a bridge without tokens, on this machine only.
 */
function fillSecrets(content: string, secrets: Record<string, string>): string | undefined {
  let complete = true;
  const filled = content.replace(/\{\{\s*\.SecureJsonData\.(\w+)\s*\}\}/g, (_, name: string) => {
    complete &&= Boolean(secrets[name]);
    return secrets[name] ?? '';
  });
  return complete ? filled : undefined;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
