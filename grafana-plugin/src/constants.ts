/** Ids of the plugins, as in their plugin.json. */
export const APP_ID = 'flowtracking-flows-app';
export const DATASOURCE_ID = 'flowtracking-flows-datasource';

/** The app's page among the plugins of Grafana, where its README is read. */
export const README_PATH = `/plugins/${APP_ID}`;

/** The page with the monitoring controls, for a user when given. */
export function monitoringPagePath(userId?: string | null): string {
  return `/a/${APP_ID}${userId ? `?user=${encodeURIComponent(userId)}` : ''}`;
}

/** The provisioned dashboard with a user's live flows. */
export function liveDashboardPath(userId: string): string {
  return `/d/flow-live/live-flows?var-user=${encodeURIComponent(userId)}`;
}
