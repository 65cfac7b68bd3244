import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/** Whether `host`, as the server is bound to it, is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
}

/**
 * The preview has no login and adds the bridge's tokens to what it proxies, so a page of another site must get nothing
 * from it: neither by a name that it points at this machine, nor by a request or a socket of its own.
 * @returns why the request is refused, or undefined when it may pass
 */
export function refusalOf(req: IncomingMessage, boundToLoopback: boolean): string | undefined {
  const { host, origin } = req.headers;
  if (!host || (boundToLoopback && !LOOPBACK.test(host))) return `host "${host ?? ''}" is not this machine`;
  const isUpgrade = req.headers.upgrade !== undefined;
  const changes = req.method !== 'GET' && req.method !== 'HEAD';
  if (origin === undefined || !(isUpgrade || changes)) return undefined;
  return URL.canParse(origin) && new URL(origin).host === host ? undefined : `origin "${origin}" is not allowed`;
}
