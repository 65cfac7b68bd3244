import { request as requestHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream';
import { systemCode } from './errors';
import type { ProxyTarget } from './proxy-target';
import { sendJson } from './responses';

/** How long the bridge may take to its first byte, as Grafana's `[dataproxy] timeout`. A body may take any time. */
const ANSWER_TIMEOUT_MS = 30_000;

// The answer is framed anew, and no cookie of another server may reach the browser.
const NOT_RETURNED = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'set-cookie']);

type Resolved = Extract<ProxyTarget, { url: URL }>;

/** Sends an HTTP request on and streams its answer back. */
export function proxyHttp(req: IncomingMessage, res: ServerResponse, { url, headers }: Resolved): void {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const upstream = request(url, { method: req.method, headers, agent: false });

  const timer = setTimeout(
    () => upstream.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`)),
    ANSWER_TIMEOUT_MS,
  );
  upstream.on('response', (answer) => {
    clearTimeout(timer);
    res.writeHead(statusForBrowser(answer.statusCode ?? 502), returnedHeaders(answer));
    // Headers leave at once: an event stream may have nothing else to say for long.
    res.flushHeaders();
    pipeline(answer, res, () => {});
  });
  upstream.on('error', (error) => {
    clearTimeout(timer);
    if (res.headersSent || res.destroyed) res.destroy();
    else sendJson(res, 502, { message: describeFailure(url, error) });
  });
  res.on('close', () => upstream.destroy());
  req.pipe(upstream);
}

/** Grafana turns a 401 of a data source into a 400, so that it isn't taken for its own session having ended. */
export function statusForBrowser(status: number): number {
  return status === 401 ? 400 : status;
}

/** A message for the person who started the preview: what can't be reached, and what to do. */
export function describeFailure(url: URL, error: Error): string {
  const reason = systemCode(error) ?? error.message;
  return `the flow bridge at ${url.origin} can't be reached (${reason}): start it, or set FLOW_BRIDGE_URL`;
}

function returnedHeaders(answer: IncomingMessage): Record<string, string | string[]> {
  const kept = Object.entries(answer.headers).filter(([name]) => !NOT_RETURNED.has(name));
  // As Grafana: what a data source answers is data, even when opened as a page.
  return { ...Object.fromEntries(kept), 'content-security-policy': 'sandbox' };
}
