/**
 * The address of the bridge's WebSocket through Grafana's datasource proxy.
 *
 * @param proxyUrl the datasource's own URL, as Grafana gives it; absolute, or a path from the root of Grafana
 * @param appSubUrl where Grafana is served from under its origin; empty for its root
 * @param base an address of Grafana's, for its origin
 */
export function liveUrl(proxyUrl: string, appSubUrl: string, base: string): string {
  const isPath = proxyUrl.startsWith('/');
  const path = isPath && appSubUrl !== '' && !proxyUrl.startsWith(`${appSubUrl}/`) ? appSubUrl + proxyUrl : proxyUrl;
  const url = new URL(`${path.replace(/\/$/, '')}/ws/flows`, base);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return url.toString();
}
