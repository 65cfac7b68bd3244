/** Ids of the plugins, as in their plugin.json. */
export const APP_ID = 'flowtracking-flows-app';
export const DATASOURCE_ID = 'flowtracking-flows-datasource';

/** The app's page among the plugins of Grafana, where its README is read. */
export const README_PATH = `/plugins/${APP_ID}`;

/** The page with the monitoring controls, for a user when given. */
export function monitoringPagePath(userId?: string | null): string {
  return `/a/${APP_ID}${userId ? `?user=${encodeURIComponent(userId)}` : ''}`;
}

/** The provisioned dashboard with one session of a user. */
export function sessionDashboardPath(userId: string, sessionId: string): string {
  return `/d/flow-session/session-detail?var-user=${encodeURIComponent(userId)}&var-session=${encodeURIComponent(sessionId)}`;
}

/** What Grafana says of the header that names who acts. */
export const DOCS_URL = 'https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#send_user_header';

/** The provisioned dashboard with a user's live flows. */
export function liveDashboardPath(userId: string): string {
  return `/d/flow-live/live-flows?var-user=${encodeURIComponent(userId)}`;
}
