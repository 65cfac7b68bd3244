/** Where the bridge's live flows are, through Grafana's datasource proxy. */
export interface LiveUrls {
  /** The WebSocket. */
  readonly url: string;
  /** The polls for where that is refused. */
  readonly pollUrl: string;
}

/**
 * The addresses of the bridge's live flows.
 *
 * @param proxyUrl the datasource's own URL, as Grafana gives it; absolute, or a path from the root of Grafana
 * @param appSubUrl where Grafana is served from under its origin; empty for its root
 * @param base an address of Grafana's, for its origin
 */
export function liveUrls(proxyUrl: string, appSubUrl: string, base: string): LiveUrls {
  const isPath = proxyUrl.startsWith('/');
  const path = isPath && appSubUrl !== '' && !proxyUrl.startsWith(`${appSubUrl}/`) ? appSubUrl + proxyUrl : proxyUrl;
  const root = path.replace(/\/$/, '');
  const [socket, poll] = [new URL(`${root}/ws/flows`, base), new URL(`${root}/api/v1/live`, base)];
  const isSafe = socket.protocol === 'https:' || socket.protocol === 'wss:';
  socket.protocol = isSafe ? 'wss:' : 'ws:';
  poll.protocol = isSafe ? 'https:' : 'http:';
  return { url: socket.toString(), pollUrl: poll.toString() };
}
