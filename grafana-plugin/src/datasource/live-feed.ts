import { ALL_USERS, type FlowDetail, type ServerFrame } from '@flow-tracking/protocol';
import { BehaviorSubject, filter, map, Observable, startWith, Subject, tap, throttle, type Subscription } from 'rxjs';
import type { Connection, MonitoringState } from '../frames/meta';
import { MAX_FLOWS, type StoredFlow } from '@flow-tracking/protocol/model';
import { createClockOffset } from './clock-offset';
import { createEmissionPace } from './emission-pace';
import { createLiveChannel, type LiveChannel } from './live-channel';
import type { LiveMessage } from './live-client';

/** What a live query shows now. */
export interface LiveState {
  readonly connection: Connection;
  /** Newest first. They change in place. */
  readonly flows: readonly StoredFlow[];
  /** Of the watched users, or of all users that have a grant. */
  readonly monitoring: readonly MonitoringState[];
  /** The first snapshot of each watched user is there. */
  readonly ready: boolean;
  /** What the bridge could not do; null when there is no such thing. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  /** Flows of which not all checkpoints are here. */
  readonly partial: ReadonlySet<string>;
  readonly clockOffsetMs: number;
  /** When the last event of these users came, by the browser's clock, epoch ms; null when none has. */
  readonly lastEventTs: number | null;
}

/** Live flows over one shared connection, which is open while someone watches. */
export interface LiveFeed {
  /**
   * Watches some users, or `"*"` for every monitored one: the state now, then at most every 50 ms while it changes, or every 100
   * while hundreds of events a second come in time.
   * Never ends by itself.
   */
  watch(users: readonly string[]): Observable<LiveState>;
}

export interface LiveFeedOptions {
  readonly connect: (users: Observable<ReadonlySet<string>>) => Observable<LiveMessage>;
  /** Asks history for a page of a flow in which events are missing. */
  readonly loadFlow: (flowId: string, cursor: string | undefined) => Promise<FlowDetail>;
}

/** A changed variable or time range ends a query and starts the next: what it had is kept for that long. */
const LINGER_MS = 3_000;

/** What has changed. */
interface Change {
  /** Of this channel, or of all for null. */
  readonly user: string | null;
  /** How many events it was told by. */
  readonly events: number;
  /** How late they are, as a pace counts that. */
  readonly lateMs: number;
}

/** A channel, and who looks at it. */
interface Watched {
  readonly channel: LiveChannel;
  watchers: number;
  /** When nobody watched any more; the channel is closed by that timer alone. */
  lingering?: ReturnType<typeof setTimeout> | undefined;
}

function largest(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}

export function createLiveFeed({ connect, loadFlow }: LiveFeedOptions): LiveFeed {
  const channels = new Map<string, Watched>();
  const users = new BehaviorSubject<ReadonlySet<string>>(new Set());
  const changes = new Subject<Change>();
  const clock = createClockOffset();
  let connection: Connection = { state: 'connecting', reason: null };
  let problem: LiveState['problem'] = null;
  let link: Subscription | undefined;

  /** Of the frame that is taken in just now. */
  let lateMs = 0;

  const tell = (user: string | null, events = 0): void => changes.next({ user, events, lateMs });

  const onFrame = (frame: ServerFrame, receivedTs: number): void => {
    if (frame.type === 'subscribed') {
      if (frame.users.includes(ALL_USERS)) channels.get(ALL_USERS)?.channel.setReady();
      return;
    }
    if (frame.type === 'error') {
      problem = { code: frame.code, message: frame.message };
      tell(null);
      return;
    }
    if (frame.type === 'hello') {
      if (frame.now_ts !== undefined) clock.greet(frame.now_ts, receivedTs);
      return;
    }
    if (!('user_id' in frame)) return;
    if (frame.type === 'events') lateMs = clock.observe(frame.events, receivedTs);
    for (const user of [frame.user_id, ALL_USERS]) channels.get(user)?.channel.onFrame(frame, receivedTs);
    lateMs = 0;
  };

  const onMessage = (message: LiveMessage): void => {
    if (message.kind === 'connection' && message.connection.state === 'reconnecting') problem = null;
    if (message.kind === 'frame') return onFrame(message.frame, message.receivedTs);
    connection = message.connection;
    tell(null);
  };

  const openChannel = (user: string): Watched => {
    const channel = createLiveChannel({ user, loadFlow, onChange: (events) => tell(user, events) });
    const watched: Watched = { channel, watchers: 0 };
    channels.set(user, watched);
    return watched;
  };

  /** Tells the connection whom it is for, and opens or closes it. */
  const changeUsers = (): void => {
    // Whom there was no room for may have it now.
    if (problem !== null) {
      problem = null;
      tell(null);
    }
    users.next(new Set(channels.keys()));
    if (channels.size > 0) {
      link ??= connect(users).subscribe(onMessage);
      return;
    }
    link?.unsubscribe();
    link = undefined;
    connection = { state: 'connecting', reason: null };
  };

  const enter = (wanted: readonly string[]): readonly Watched[] => {
    const watched = [...new Set(wanted)].map((user) => channels.get(user) ?? openChannel(user));
    for (const each of watched) {
      each.lingering = undefined;
      each.watchers++;
    }
    if (wanted.some((user) => !users.value.has(user))) changeUsers();
    return watched;
  };

  const leave = (watched: readonly Watched[]): void => {
    const timer = setTimeout(() => {
      const closed = watched.filter(({ lingering }) => lingering === timer);
      for (const { channel } of closed) {
        channel.close();
        channels.delete(channel.user);
      }
      if (closed.length > 0) changeUsers();
    }, LINGER_MS);
    for (const each of watched) {
      each.watchers--;
      if (each.watchers === 0) each.lingering = timer;
    }
  };

  /** The flows of one user are theirs alone, but for those that changed hands: the former user's stop at that point. */
  const joinFlows = (all: readonly LiveChannel[]): readonly StoredFlow[] => {
    const [only] = all;
    if (only !== undefined && all.length === 1) return only.store.flows();
    const byId = new Map<string, StoredFlow>();
    for (const flow of all.flatMap(({ store }) => store.flows())) {
      const other = byId.get(flow.flowId);
      if (other === undefined || flow.record().last_seq > other.record().last_seq) byId.set(flow.flowId, flow);
    }
    return [...byId.values()].sort((a, b) => (a.flowId < b.flowId ? 1 : -1)).slice(0, MAX_FLOWS);
  };

  const stateOf = (all: readonly LiveChannel[]): LiveState => {
    return {
      connection,
      flows: joinFlows(all),
      monitoring: all.flatMap((channel) => channel.monitoring()),
      ready: all.every((channel) => channel.ready),
      problem,
      partial: new Set(all.flatMap((channel) => [...channel.partial])),
      clockOffsetMs: clock.offsetMs(),
      lastEventTs: largest(all.map((channel) => channel.lastEventTs)),
    };
  };

  return {
    watch: (wanted) =>
      new Observable((observer) => {
        const watched = enter(wanted);
        const all = watched.map(({ channel }) => channel);
        const own = new Set(all.map(({ user }) => user));
        const pace = createEmissionPace();
        const subscription = changes
          .pipe(
            filter(({ user }) => user === null || own.has(user)),
            tap(({ events, lateMs }) => pace.count(events, lateMs)),
            throttle(() => pace.next(), { leading: true, trailing: true }),
            startWith(null),
            map(() => stateOf(all)),
          )
          .subscribe(observer);
        return () => {
          subscription.unsubscribe();
          leave(watched);
        };
      }),
  };
}
