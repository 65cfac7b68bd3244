import type { HttpError } from '@flow-tracking/protocol';
import { t } from './texts/t';

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

const bridgeAway = (): string => t('errors.bridge-away');
const tokenRefused = (): string => t('errors.token-refused');

/** What the bridge's codes mean for who looks at Grafana. */
const REFUSED: ReadonlyMap<string, () => string> = new Map([
  ['unauthorized', tokenRefused],
  ['forbidden', () => t('errors.control-refused')],
  ['not_found', () => t('errors.older-bridge')],
]);

/** Grafana's proxy speaks for itself by status alone: it turns a 401 of the bridge into a 400. */
function byStatus(status: number, words: string): string {
  if (status === 400 || status === 401) return tokenRefused();
  if (status === 403) return t('errors.role-refused');
  if (status === 0 || status === 502 || status === 503 || status === 504) return bridgeAway();
  if (status === 404) return t('errors.not-found');
  return words === '' ? t('errors.status', { status }) : t('errors.status-in-words', { status, words });
}

/** Describes a failed request to the bridge through Grafana's datasource proxy. */
export function describeFailure(failure: unknown): FailedRequest {
  if (typeof failure !== 'object' || failure === null || !('status' in failure)) {
    return { status: 0, code: null, message: failure instanceof Error ? failure.message : bridgeAway() };
  }
  const { status, statusText, data } = failure as FetchFailure;
  const number = typeof status === 'number' ? status : 0;
  const error = bridgeError(data);
  // The bridge speaks of headers to who calls it; a person has a datasource.
  const refused = error === null ? undefined : REFUSED.get(error.code);
  if (error !== null && refused !== undefined) return { status: number, code: error.code, message: refused() };
  if (error !== null && number !== 401) return { status: number, code: error.code, message: error.message };
  return {
    status: number,
    code: error?.code ?? null,
    message: byStatus(number, typeof statusText === 'string' ? statusText : ''),
  };
}
