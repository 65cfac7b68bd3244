import { parsePollAnswer, type ServerFrame } from '@flow-tracking/protocol';

/** An answer to a poll. */
export interface TestPoll {
  cursor: string;
  reset: boolean;
  /** As they came, without the line feed that ends a record. */
  texts: string[];
  frames: ServerFrame[];
  /** How long it took, ms. */
  tookMs: number;
  response: Response;
}

/** What a poll asks for; `user` may be several. */
export interface PollParams {
  user: string | readonly string[];
  after?: string;
  wait_ms?: number;
}

/** The address of a poll. */
export function pollUrl(bridgeUrl: string, { user, after, wait_ms: waitMs }: PollParams): string {
  const search = new URLSearchParams([user].flat().map((id): [string, string] => ['user', id]));
  if (after !== undefined) search.set('after', after);
  if (waitMs !== undefined) search.set('wait_ms', String(waitMs));
  return `${bridgeUrl}/api/v1/live?${search.toString()}`;
}

/** Polls a bridge once, as a browser would. */
export async function pollOnce(bridgeUrl: string, params: PollParams, signal?: AbortSignal): Promise<TestPoll> {
  const startedMs = performance.now();
  const response = await fetch(pollUrl(bridgeUrl, params), { signal: signal ?? AbortSignal.timeout(30_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`Poll refused with ${response.status}: ${text}`);
  const { cursor, reset, frames } = parsePollAnswer(text);
  const texts = frames.map((frame) => frame.replace(/\n$/, ''));
  return {
    cursor,
    reset,
    texts,
    frames: texts.map((frame) => JSON.parse(frame) as ServerFrame),
    tookMs: performance.now() - startedMs,
    response,
  };
}
