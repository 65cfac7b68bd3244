import {
  ALL_USERS,
  LIMITS,
  ParseError,
  parseServerFrame,
  PROTOCOL_VERSION,
  type ClientFrame,
  type ErrorFrame,
  type ServerFrame,
} from '@flow-tracking/protocol';
import { Observable } from 'rxjs';
import type { Connection } from '../frames/meta';
import { backOffMs } from './back-off';
import { createSilenceWatch, PATIENCE, type Patience } from './silence-watch';

/** What the client tells: frames as they come, and how the connection stands whenever that changes. */
export type LiveMessage =
  { kind: 'frame'; frame: ServerFrame; receivedTs: number } | { kind: 'connection'; connection: Connection };

export interface LiveClientOptions {
  /** `ws(s)://…/ws/flows`. */
  readonly url: string;
  /** The users to subscribe to; emits the whole set on subscription and whenever it changes. */
  readonly users: Observable<ReadonlySet<string>>;
  /** Finds out why a connection fails, which a WebSocket does not say. */
  readonly explain?: () => Promise<string | null>;
  readonly createSocket?: (url: string) => WebSocket;
  readonly random?: () => number;
  /** @default {@link PATIENCE} */
  readonly patience?: Patience;
}

/** Failures in a row after which it says offline, though it goes on trying. */
const OFFLINE_AFTER = 4;
const SILENT = 'The bridge does not answer.';
/** After it gave up a silent connection it is patient for so long: it may have been a snapshot on a slow line. */
const PATIENT_MS = 60_000;

/** Users in one frame: ids of any characters then stay within {@link LIMITS.clientFrameBytes}. */
const USERS_A_FRAME = 32;

/** As many of the wanted users as the bridge takes; those that it has stay. */
function admit(wanted: ReadonlySet<string>, subscribed: ReadonlySet<string>): Set<string> {
  const staying = [...subscribed].filter((user) => wanted.has(user));
  return new Set([...new Set([...staying, ...wanted])].slice(0, LIMITS.subscriptions));
}

/**
 * One WebSocket to the bridge, kept open as long as someone is subscribed: reconnects with back-off, subscribes again,
 * pings. Not `rxjs/webSocket`, which the host does not share, so it would be bundled.
 */
export function connectLive(options: LiveClientOptions): Observable<LiveMessage> {
  const { url, users, createSocket = (address) => new WebSocket(address), random, patience = PATIENCE } = options;
  return new Observable((observer) => {
    let socket: WebSocket | undefined;
    let failures = 0;
    let explained: string | null = null;
    let retryTimer: ReturnType<typeof setTimeout> | undefined;
    const silence = createSilenceWatch(patience);
    /** When the bridge was heard last, over whichever socket. */
    let heardTs: number | null = null;
    let wanted: ReadonlySet<string> = new Set();
    /** The users that were asked for over this socket and not refused. */
    let subscribed: ReadonlySet<string> = new Set();
    /** Those that the bridge has confirmed. */
    let confirmed: ReadonlySet<string> = new Set();
    /** Those of whom a snapshot is under way. */
    const loading = new Set<string>();
    let patientUntilTs = 0;
    let connection: Connection = { state: 'connecting', reason: null };

    const setConnection = ({ state, reason }: Connection): void => {
      if (state === connection.state && reason === connection.reason) return;
      connection = state === 'live' || heardTs === null ? { state, reason } : { state, reason, heardTs };
      observer.next({ kind: 'connection', connection });
    };

    const send = (frame: ClientFrame): void => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    };

    const tell = (type: 'subscribe' | 'unsubscribe', list: readonly string[]): void => {
      for (let i = 0; i < list.length; i += USERS_A_FRAME) send({ type, users: list.slice(i, i + USERS_A_FRAME) });
    };

    const onProblem = (frame: ErrorFrame): void => {
      // What was asked for last was refused; it is asked for again when the users change.
      if (frame.code === 'too_many_subscriptions') subscribed = confirmed;
      if (connection.state !== 'live') {
        setConnection({ state: 'offline', reason: `${frame.message} (${frame.code})` });
      }
      observer.next({ kind: 'frame', frame, receivedTs: Date.now() });
    };

    const syncUsers = (): void => {
      if (socket?.readyState !== WebSocket.OPEN) return;
      const admitted = admit(wanted, subscribed);
      // Room first.
      const removed = [...subscribed].filter((user) => !admitted.has(user));
      const added = [...admitted].filter((user) => !subscribed.has(user));
      tell('unsubscribe', removed);
      tell('subscribe', added);
      for (const user of removed) loading.delete(user);
      // Of all users nobody knows how many snapshots come.
      for (const user of added) if (user !== ALL_USERS) loading.add(user);
      subscribed = admitted;
      if (admitted.size < wanted.size) {
        const message = `This page wants ${wanted.size} users live, and the bridge gives ${LIMITS.subscriptions} a page.`;
        observer.next({
          kind: 'frame',
          frame: { type: 'error', code: 'too_many_subscriptions', message },
          receivedTs: Date.now(),
        });
      }
    };

    /** Lets go of the socket; what it still says is not heard. */
    const drop = (): void => {
      const old = socket;
      socket = undefined;
      subscribed = confirmed = new Set();
      loading.clear();
      if (old === undefined) return;
      old.onopen = old.onmessage = old.onclose = old.onerror = null;
      old.close();
    };

    /** A closed WebSocket doesn't say why it failed; an HTTP request through the same proxy does. */
    const explainFailure = async (): Promise<void> => {
      const reason = await options.explain?.().catch(() => null);
      if (reason === undefined || reason === null || failures === 0 || observer.closed) return;
      explained = reason;
      setConnection({ state: connection.state, reason });
    };

    const retry = (reason: string): void => {
      drop();
      setConnection({ state: failures >= OFFLINE_AFTER ? 'offline' : 'reconnecting', reason: explained ?? reason });
      const attempt = failures++;
      void explainFailure();
      clearTimeout(retryTimer);
      retryTimer = setTimeout(open, backOffMs(attempt, random));
    };

    const onFrame = (frame: ServerFrame): void => {
      if (frame.type === 'hello' && frame.protocol !== PROTOCOL_VERSION) {
        drop();
        const reason = `The bridge speaks protocol ${frame.protocol} and this plugin ${PROTOCOL_VERSION}: update the older one.`;
        setConnection({ state: 'offline', reason });
        return;
      }
      if (frame.type === 'error') return onProblem(frame);
      if (frame.type === 'subscribed') {
        confirmed = new Set(frame.users);
        failures = 0;
        explained = null;
        setConnection({ state: 'live', reason: null });
      }
      if (frame.type === 'snapshot') loading.delete(frame.user_id);
      observer.next({ kind: 'frame', frame, receivedTs: Date.now() });
    };

    const onText = (data: unknown): void => {
      heardTs = Date.now();
      silence.onHeard(heardTs);
      if (connection.state === 'stale') setConnection({ state: 'live', reason: null });
      if (typeof data !== 'string') return;
      let frame: ServerFrame;
      try {
        frame = parseServerFrame(data);
      } catch (error) {
        // A frame of a newer bridge, or garbage: the next one may be fine, and what is missed shows as a hole.
        if (error instanceof ParseError) return;
        throw error;
      }
      onFrame(frame);
    };

    function open(): void {
      clearTimeout(retryTimer);
      drop();
      silence.onHeard(Date.now());
      try {
        socket = createSocket(url);
      } catch (error) {
        setConnection({ state: 'offline', reason: `The address ${url} can't be opened: ${String(error)}` });
        return;
      }
      socket.onopen = syncUsers;
      socket.onmessage = (event: MessageEvent<unknown>) => onText(event.data);
      socket.onclose = (event) => retry(event.reason || 'The connection to the bridge was closed.');
    }

    const watch = setInterval(() => {
      if (socket === undefined) return;
      const nowTs = Date.now();
      const busy = loading.size > 0 || socket.readyState !== WebSocket.OPEN || nowTs < patientUntilTs;
      switch (silence.check(nowTs, busy)) {
        case 'ping':
          send({ type: 'ping' });
          break;
        case 'stale':
          if (connection.state === 'live') setConnection({ state: 'stale', reason: SILENT });
          break;
        case 'give_up':
          patientUntilTs = nowTs + PATIENT_MS;
          retry(SILENT);
      }
    }, patience.checkEveryMs);

    const onOnline = (): void => {
      if (connection.state === 'live') return;
      failures = 0;
      open();
    };
    globalThis.addEventListener?.('online', onOnline);

    const usersSubscription = users.subscribe((next) => {
      wanted = next;
      syncUsers();
    });
    observer.next({ kind: 'connection', connection });
    open();

    return () => {
      globalThis.removeEventListener?.('online', onOnline);
      usersSubscription.unsubscribe();
      clearInterval(watch);
      clearTimeout(retryTimer);
      drop();
    };
  });
}
