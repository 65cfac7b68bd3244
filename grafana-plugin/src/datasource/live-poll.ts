import { ALL_USERS, type PollAnswer } from '@flow-tracking/protocol';
import { foreignProtocol, readFrame, SILENT, tooManyUsers, type LinkEvents, type LiveLink } from './live-link';
import { admitToPoll, POLL_WAIT_MS, PollError, requestPoll } from './poll-request';
import { createSilenceWatch, type Patience } from './silence-watch';

/** Polls begin at least so far apart: what comes meanwhile comes together. The first event after a pause is not held up by it. */
const APART_MS = 100;
/** Users that change together are asked for together. */
const SETTLE_MS = 20;
/** How long a client that the bridge finds too eager waits. */
const SLOW_DOWN_MS = 1_000;

/** Where the polls of one page stand, from one link to the next. */
export interface PollPlace {
  cursor: string | undefined;
}

/** Resolves after that time, or at the end of `signal`. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const timer = setTimeout(settle, ms);
    signal.addEventListener('abort', settle);
    if (signal.aborted) settle();
  });
}

/** Whether nobody sees the page. Its polls would take connections, of which a browser has six for all its pages. */
const isHidden = (): boolean => globalThis.document?.hidden === true;

async function untilVisible(signal: AbortSignal): Promise<void> {
  if (!isHidden()) return;
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (isHidden() && !signal.aborted) return;
      document.removeEventListener('visibilitychange', check);
      signal.removeEventListener('abort', check);
      resolve();
    };
    document.addEventListener('visibilitychange', check);
    signal.addEventListener('abort', check);
  });
}

/**
 * Polls the bridge, one request after another, each held there while nothing happens.
 *
 * @param options.place where to go on; a bridge that does not know it begins with snapshots
 */
export function openPoll(options: {
  url: string;
  request: typeof fetch;
  users: ReadonlySet<string>;
  place: PollPlace;
  patience: Patience;
  isPatient: () => boolean;
  events: LinkEvents;
}): LiveLink {
  const { url, request, place, isPatient, events } = options;
  // The bridge speaks at the end of each wait at the latest, as it would answer a ping.
  const patience: Patience = { ...options.patience, pingAfterMs: POLL_WAIT_MS };
  const silence = createSilenceWatch(patience);
  const closing = new AbortController();
  let wanted = options.users;
  /** Those of whom a snapshot is under way. */
  const loading = new Set<string>();
  let watched: ReadonlySet<string> = new Set();
  /** Ends the poll that is held. */
  let asking: AbortController | undefined;
  let settleTimer: ReturnType<typeof setTimeout> | undefined;

  const close = (): void => {
    clearInterval(watch);
    clearTimeout(settleTimer);
    closing.abort();
    asking?.abort();
  };
  const end = (reason: string, how: 'closed' | 'silent' | 'final'): void => {
    if (closing.signal.aborted) return;
    close();
    events.ended({ reason, how });
  };

  const choose = (): ReadonlySet<string> => {
    const users = admitToPoll(wanted);
    for (const user of users) if (!watched.has(user) && user !== ALL_USERS) loading.add(user);
    for (const user of loading) if (!users.has(user)) loading.delete(user);
    return (watched = users);
  };

  const take = ({ cursor, frames }: PollAnswer): void => {
    place.cursor = cursor;
    events.heard();
    for (const text of frames) {
      const frame = readFrame(text);
      if (frame === null) continue;
      const foreign = foreignProtocol(frame);
      if (foreign !== null) return end(foreign.reason, foreign.how === 'final' ? 'final' : 'closed');
      if (frame.type === 'snapshot') loading.delete(frame.user_id);
      events.frame(frame);
    }
    events.live();
  };

  const askOnce = async (): Promise<void> => {
    const startedMs = performance.now();
    asking = new AbortController();
    silence.onHeard(Date.now());
    const users = choose();
    try {
      take(await requestPoll({ request, url, users, after: place.cursor, signal: asking.signal }));
    } catch (error) {
      // Closed, or asked again for other users.
      if (asking.signal.aborted) return;
      if (!(error instanceof PollError)) throw error;
      if (error.code !== 'rate_limited') return end(error.message, 'closed');
      await delay(SLOW_DOWN_MS, closing.signal);
    } finally {
      asking = undefined;
    }
    const leftMs = startedMs + APART_MS - performance.now();
    if (leftMs > 0) await delay(leftMs, closing.signal);
  };

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await untilVisible(closing.signal);
      if (!closing.signal.aborted) await askOnce();
    }
  };

  const tellLeftOut = (): void => {
    const admitted = admitToPoll(wanted).size;
    if (admitted < wanted.size) events.frame(tooManyUsers(wanted.size, admitted));
  };

  const watch = setInterval(() => {
    if (asking === undefined) return;
    const busy = place.cursor === undefined || loading.size > 0 || isPatient();
    const step = silence.check(Date.now(), busy);
    if (step === 'stale') events.silent();
    if (step === 'give_up') end(SILENT, 'silent');
  }, patience.checkEveryMs);

  void run().catch((error: unknown) => end(String(error), 'closed'));
  tellLeftOut();
  return {
    update(users) {
      wanted = users;
      tellLeftOut();
      clearTimeout(settleTimer);
      settleTimer = setTimeout(() => asking?.abort(), SETTLE_MS);
    },
    close,
  };
}
