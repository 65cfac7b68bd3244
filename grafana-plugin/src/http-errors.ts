import type { HttpError } from '@flow-tracking/protocol';

/** What came back instead of an answer, in words for people. */
export interface FailedRequest {
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  /** The bridge's stable code; null when the answer is not the bridge's. */
  readonly code: string | null;
  /** What happened, and what to do. */
  readonly message: string;
}

/** What Grafana's fetch rejects with, as far as it matters here. */
interface FetchFailure {
  status?: unknown;
  statusText?: unknown;
  data?: unknown;
}

function bridgeError(data: unknown): HttpError['error'] | null {
  if (typeof data !== 'object' || data === null || !('error' in data)) return null;
  const error: unknown = data.error;
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return null;
  return typeof error.code === 'string' && typeof error.message === 'string'
    ? { code: error.code, message: error.message }
    : null;
}

const BRIDGE_AWAY =
  'The bridge does not answer. Check that it runs and that the URL of the datasource is the one Grafana reaches it at.';
const TOKEN_REFUSED = 'The bridge refused the token. Check the tokens in the settings of the datasource.';
const CONTROL_REFUSED =
  'The datasource has no valid control token, so monitoring can’t be switched. Set one in the settings of the datasource.';
const OLDER_BRIDGE =
  'The bridge does not know this request: it is older than this plugin. Update the bridge, or go back to the plugin of its version.';
const ROLE_REFUSED = 'Your Grafana role may not do this. It takes an Editor or Admin.';

/** What the bridge's codes mean for who looks at Grafana. */
const REFUSED: Readonly<Record<string, string | undefined>> = {
  unauthorized: TOKEN_REFUSED,
  forbidden: CONTROL_REFUSED,
  not_found: OLDER_BRIDGE,
};

/** Grafana's proxy speaks for itself by status alone: it turns a 401 of the bridge into a 400. */
function byStatus(status: number, statusText: string): string {
  if (status === 400 || status === 401) return TOKEN_REFUSED;
  if (status === 403) return ROLE_REFUSED;
  if (status === 0 || status === 502 || status === 503 || status === 504) return BRIDGE_AWAY;
  if (status === 404) return 'There is nothing at this address. Check the URL of the datasource.';
  return `The request failed with status ${status}${statusText === '' ? '' : ` (${statusText})`}.`;
}

/** Describes a failed request to the bridge through Grafana's datasource proxy. */
export function describeFailure(failure: unknown): FailedRequest {
  if (typeof failure !== 'object' || failure === null || !('status' in failure)) {
    return { status: 0, code: null, message: failure instanceof Error ? failure.message : BRIDGE_AWAY };
  }
  const { status, statusText, data } = failure as FetchFailure;
  const number = typeof status === 'number' ? status : 0;
  const error = bridgeError(data);
  // The bridge speaks of headers to who calls it; a person has a datasource.
  const refused = error === null ? undefined : REFUSED[error.code];
  if (error !== null && refused !== undefined) return { status: number, code: error.code, message: refused };
  if (error !== null && number !== 401) return { status: number, code: error.code, message: error.message };
  return {
    status: number,
    code: error?.code ?? null,
    message: byStatus(number, typeof statusText === 'string' ? statusText : ''),
  };
}
