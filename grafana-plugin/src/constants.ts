/** Ids of the plugins, as in their plugin.json. */
export const APP_ID = 'flowtracking-flows-app';
export const DATASOURCE_ID = 'flowtracking-flows-datasource';

/** The app's page among the plugins of Grafana, where its README is read. */
export const README_PATH = `/plugins/${APP_ID}`;

/** The parameter of the app's pages that names the datasource by its uid. */
export const DATASOURCE_PARAM = 'ds';

/** The page with the monitoring controls, for a user and a datasource when given. */
export function monitoringPagePath(userId?: string | null, datasourceUid?: string | null): string {
  const params = [
    ...(userId ? [`user=${encodeURIComponent(userId)}`] : []),
    ...(datasourceUid ? [`${DATASOURCE_PARAM}=${encodeURIComponent(datasourceUid)}`] : []),
  ];
  return `/a/${APP_ID}${params.length > 0 ? `?${params.join('&')}` : ''}`;
}

/** What a session of the provisioned dashboard is shown for. */
export interface SessionPlace {
  /** Null when it is not known. */
  readonly userId: string | null;
  readonly sessionId: string;
  /** The flow that is shown first. */
  readonly flowId?: string;
  /** Null for the one that the dashboard chooses by itself. */
  readonly datasourceUid?: string | null;
}

const datasourceVariable = (uid: string | null | undefined): string =>
  uid ? `&var-datasource=${encodeURIComponent(uid)}` : '';

/** The provisioned dashboard with one session of a user. */
export function sessionDashboardPath({ userId, sessionId, flowId, datasourceUid }: SessionPlace): string {
  const user = userId === null ? '' : `var-user=${encodeURIComponent(userId)}&`;
  const flow = flowId === undefined ? '' : `&fp-1-flow=${encodeURIComponent(flowId)}`;
  return `/d/flow-session/session-detail?${user}var-session=${encodeURIComponent(sessionId)}${flow}${datasourceVariable(datasourceUid)}`;
}

/** What Grafana says of the header that names who acts. */
export const DOCS_URL = 'https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#send_user_header';

/** The provisioned dashboard with a user's live flows. */
export function liveDashboardPath(userId: string, datasourceUid?: string | null): string {
  return `/d/flow-live/live-flows?var-user=${encodeURIComponent(userId)}${datasourceVariable(datasourceUid)}`;
}
