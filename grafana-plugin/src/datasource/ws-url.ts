/**
 * The address of the bridge's WebSocket through Grafana's datasource proxy.
 *
 * @param proxyUrl the datasource's own URL, as Grafana gives it; absolute, or a path from the root of Grafana
 * @param appSubUrl where Grafana is served from under its origin; empty for its root
 * @param origin of the page
 */
export function liveUrl(proxyUrl: string, appSubUrl: string, origin: string): string {
  const isPath = proxyUrl.startsWith('/');
  const path = isPath && appSubUrl !== '' && !proxyUrl.startsWith(`${appSubUrl}/`) ? appSubUrl + proxyUrl : proxyUrl;
  const url = new URL(`${path.replace(/\/$/, '')}/ws/flows`, origin);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return url.toString();
}
