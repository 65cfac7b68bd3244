import type { ServerFrame } from '@flow-tracking/protocol';
import { Observable } from 'rxjs';
import type { Connection, OverHttp } from '../frames/meta';
import { t } from '../texts/t';
import { backOffMs, upgradeBackOffMs } from './back-off';
import { SILENT, type LinkEnd, type LinkEvents, type LiveLink } from './live-link';
import { openPoll, type PollPlace } from './live-poll';
import { openSocket } from './live-socket';
import { createNamedTimers } from './named-timers';
import { PATIENCE, type Patience } from './silence-watch';

/** What the client tells: frames as they come, and how the connection stands whenever that changes. */
export type LiveMessage =
  { kind: 'frame'; frame: ServerFrame; receivedTs: number } | { kind: 'connection'; connection: Connection };

export interface LiveClientOptions {
  /** `ws(s)://…/ws/flows`. */
  readonly url: string;
  /** `http(s)://…/api/v1/live`, for where WebSockets are refused on the way. */
  readonly pollUrl: string;
  /** The users to watch; emits the whole set on subscription and whenever it changes. */
  readonly users: Observable<ReadonlySet<string>>;
  readonly createSocket?: (url: string) => WebSocket;
  readonly request?: typeof fetch;
  readonly random?: () => number;
  /** @default {@link PATIENCE} */
  readonly patience?: Patience;
}

/** Failures in a row after which it says offline, though it goes on trying. */
const OFFLINE_AFTER = 4;
/** After it gave up a silent connection it is patient for so long: it may have been a snapshot on a slow line. */
const PATIENT_MS = 60_000;
/** A WebSocket over which nothing has come for so long may be swallowed on the way: polls are tried beside it. */
const HELLO_MS = 3_500;
/** Both go on for so long once the WebSocket is back, so that nothing falls between them; what comes twice changes nothing. */
const OVERLAP_MS = 5_000;

interface Leg {
  readonly link: LiveLink;
  /** It carries what happens. */
  isLive: boolean;
}

/**
 * The connection to the bridge, kept open as long as someone is subscribed: a WebSocket, or where none comes through, polls
 * over HTTP, and the WebSocket again when it does. It comes back with back-off, and watches the same users again.
 */
export function connectLive(options: LiveClientOptions): Observable<LiveMessage> {
  const { url, pollUrl, users, random, patience = PATIENCE } = options;
  const createSocket = options.createSocket ?? ((address: string) => new WebSocket(address));
  const request = options.request ?? ((...args: Parameters<typeof fetch>) => fetch(...args));
  return new Observable((observer) => {
    let socket: Leg | undefined;
    let poll: Leg | undefined;
    /** Why it polls; null when the WebSocket is what it uses, or tries. */
    let overHttp: OverHttp | null = null;
    /** Why the WebSocket does not come through, as far as known. */
    let blocked: OverHttp = 'refused';
    let failures = 0;
    let upgradeTries = 0;
    let explained: string | null = null;
    /** When the bridge was heard last, over whichever link. */
    let heardTs: number | null = null;
    let wanted: ReadonlySet<string> = new Set();
    let patientUntilTs = 0;
    let connection: Connection = { state: 'connecting', reason: null };
    const place: PollPlace = { cursor: undefined };
    const timers = createNamedTimers<'retry' | 'upgrade' | 'hello' | 'overlap'>();

    const isPatient = (): boolean => Date.now() < patientUntilTs;

    const setConnection = (state: Connection['state'], reason: string | null): void => {
      const heard = state === 'live' || heardTs === null ? {} : { heardTs };
      const http = overHttp === null ? {} : { overHttp };
      if (state === connection.state && reason === connection.reason && overHttp === (connection.overHttp ?? null))
        return;
      connection = { state, reason, ...heard, ...http };
      observer.next({ kind: 'connection', connection });
    };

    const closeSocket = (): void => {
      timers.clear('hello');
      socket?.link.close();
      socket = undefined;
    };
    const closePoll = (): void => {
      timers.clear('overlap');
      poll?.link.close();
      poll = undefined;
    };

    const onFrame = (frame: ServerFrame): void => {
      if (frame.type === 'error' && connection.state !== 'live') {
        setConnection('offline', `${frame.message} (${frame.code})`);
      }
      observer.next({ kind: 'frame', frame, receivedTs: Date.now() });
    };

    const setLive = (): void => {
      failures = 0;
      explained = null;
      timers.clear('retry');
      setConnection('live', null);
    };

    /** What both links tell alike. */
    const eventsOf = (
      own: () => Leg | undefined,
      other: () => Leg | undefined,
    ): Omit<LinkEvents, 'live' | 'ended'> => ({
      heard() {
        heardTs = Date.now();
        if (connection.state === 'stale') setConnection('live', null);
      },
      frame: onFrame,
      silent() {
        if (connection.state === 'live' && own()?.isLive === true && other()?.isLive !== true) {
          setConnection('stale', SILENT);
        }
      },
    });

    const stop = (reason: string): void => {
      closeSocket();
      closePoll();
      timers.clearAll();
      setConnection('offline', reason);
    };

    const retry = ({ reason, how }: LinkEnd): void => {
      if (how === 'silent') patientUntilTs = Date.now() + PATIENT_MS;
      setConnection(failures >= OFFLINE_AFTER ? 'offline' : 'reconnecting', explained ?? reason);
      timers.set('retry', backOffMs(failures++, random), attempt);
    };

    const onSocketEnded = (end: LinkEnd): void => {
      closeSocket();
      if (end.how === 'final') return stop(end.reason);
      if (end.how === 'refused') blocked = 'refused';
      if (poll?.isLive === true) return scheduleUpgrade();
      if (overHttp !== null) return;
      // Refused on the way, or the bridge is away: a poll finds out which, and why.
      if (end.how === 'refused') startPoll();
      retry(end);
    };

    const onSocketLive = (): void => {
      if (socket === undefined) return;
      socket.isLive = true;
      overHttp = null;
      upgradeTries = 0;
      timers.clear('hello');
      timers.clear('upgrade');
      setLive();
      if (poll?.isLive === true) timers.set('overlap', OVERLAP_MS, closePoll);
      else closePoll();
    };

    const onHelloLate = (): void => {
      blocked = 'silent';
      if (connection.state === 'connecting') setConnection('connecting', t('errors.bridge-away'));
      if (overHttp === null) return startPoll();
      closeSocket();
      scheduleUpgrade();
    };

    function startSocket(): void {
      closeSocket();
      const events: LinkEvents = {
        ...eventsOf(
          () => socket,
          () => poll,
        ),
        live: onSocketLive,
        ended: onSocketEnded,
      };
      try {
        const link = openSocket({ createSocket: () => createSocket(url), users: wanted, patience, isPatient, events });
        socket = { link, isLive: false };
      } catch (error) {
        return stop(t('connection.bad-address', { url, reason: String(error) }));
      }
      timers.set('hello', HELLO_MS, onHelloLate);
    }

    /** Tries the WebSocket again while polls carry what happens. */
    const scheduleUpgrade = (): void => timers.set('upgrade', upgradeBackOffMs(upgradeTries++, random), startSocket);

    const onPollLive = (): void => {
      if (poll === undefined || poll.isLive) return;
      poll.isLive = true;
      if (socket?.isLive === true) return closePoll();
      overHttp = blocked;
      closeSocket();
      setLive();
      scheduleUpgrade();
    };

    const onPollEnded = (end: LinkEnd): void => {
      closePoll();
      if (end.how === 'final') return stop(end.reason);
      if (socket?.isLive === true) return;
      if (overHttp !== null) return retry(end);
      // A closed WebSocket doesn't say why it failed; this does.
      explained = end.reason;
      // Neither comes through, and nothing else would try again.
      if (!timers.isSet('hello') && !timers.isSet('retry')) {
        closeSocket();
        return retry(end);
      }
      if (failures > 0) setConnection(connection.state, explained);
    };

    function startPoll(): void {
      if (poll !== undefined) return;
      const events: LinkEvents = {
        ...eventsOf(
          () => poll,
          () => socket,
        ),
        live: onPollLive,
        ended: onPollEnded,
      };
      const link = openPoll({ url: pollUrl, request, users: wanted, place, patience, isPatient, events });
      poll = { link, isLive: false };
    }

    function attempt(): void {
      timers.clear('retry');
      if (overHttp === null) startSocket();
      else startPoll();
    }

    const onOnline = (): void => {
      if (connection.state === 'live') return;
      failures = 0;
      attempt();
    };
    globalThis.addEventListener?.('online', onOnline);

    const usersSubscription = users.subscribe((next) => {
      wanted = next;
      socket?.link.update(next);
      poll?.link.update(next);
    });
    observer.next({ kind: 'connection', connection });
    attempt();

    return () => {
      globalThis.removeEventListener?.('online', onOnline);
      usersSubscription.unsubscribe();
      closeSocket();
      closePoll();
      timers.clearAll();
    };
  });
}
