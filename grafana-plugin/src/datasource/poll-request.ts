import { LIMITS, ParseError, parsePollAnswer, POLL_MEDIA_TYPE, type PollAnswer } from '@flow-tracking/protocol';
import { describeFailure } from '../http-errors';
import { t } from '../texts/t';

/**
 * How long the bridge holds a poll while nothing happens. Short, since within this time and {@link Patience.staleAfterMs} a
 * bridge that is away must be known to be.
 */
export const POLL_WAIT_MS = 2_000;
/** What users may take in an address: nginx takes 8 KB of it by default. */
const MAX_USERS_LENGTH = 6_000;

/** A poll that failed. */
export class PollError extends Error {
  override readonly name = 'PollError';
  constructor(
    message: string,
    /** The bridge's stable code; null when it is not the bridge's. */
    readonly code: string | null,
  ) {
    super(message);
  }
}

/** As many of the wanted users as the bridge takes and an address holds. */
export function admitToPoll(wanted: ReadonlySet<string>): ReadonlySet<string> {
  const admitted = new Set<string>();
  let length = 0;
  for (const user of wanted) {
    length += encodeURIComponent(user).length + '&user='.length;
    if (admitted.size === LIMITS.subscriptions || length > MAX_USERS_LENGTH) break;
    admitted.add(user);
  }
  return admitted;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Asks the bridge once for what came after a cursor. By `fetch` and not by Grafana's own, which lets five requests of
 * datasources go at a time: a held poll would take a place, and wait for one.
 *
 * @throws {PollError} @throws what `fetch` throws when it is aborted
 */
export async function requestPoll(options: {
  request: typeof fetch;
  url: string;
  users: ReadonlySet<string>;
  after: string | undefined;
  signal: AbortSignal;
}): Promise<PollAnswer> {
  const { request, url, users, after, signal } = options;
  const search = new URLSearchParams({ wait_ms: String(POLL_WAIT_MS), ...(after !== undefined && { after }) });
  for (const user of users) search.append('user', user);
  let response: Response;
  let text: string;
  try {
    const headers = { accept: POLL_MEDIA_TYPE };
    response = await request(`${url}?${search.toString()}`, { signal, headers, cache: 'no-store' });
    text = await response.text();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new PollError(describeFailure({ status: 0 }).message, null);
  }
  if (!response.ok) {
    const { status, statusText } = response;
    const { code, message } = describeFailure({ status, statusText, data: parseJson(text) });
    throw new PollError(code === 'not_found' ? t('errors.no-live-over-http') : message, code);
  }
  try {
    return parsePollAnswer(text);
  } catch (error) {
    if (error instanceof ParseError) throw new PollError(t('errors.not-the-bridge'), null);
    throw error;
  }
}
