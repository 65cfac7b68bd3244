import { ALL_USERS, type FlowDetail, type ServerFrame, type SnapshotFrame } from '@flow-tracking/protocol';
import {
  BehaviorSubject,
  filter,
  map,
  Observable,
  startWith,
  Subject,
  tap,
  throttle,
  timer,
  type Subscription,
} from 'rxjs';
import type { Connection, MonitoringState } from '../frames/meta';
import {
  createFlowStore,
  MAX_FLOWS,
  type FlowInput,
  type FlowStore,
  type StoredFlow,
} from '@flow-tracking/protocol/model';
import { createClockOffset } from './clock-offset';
import { createEmissionPace } from './emission-pace';
import { createGapFiller, type GapFiller } from './gap-filler';
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
   * while hundreds of events a second come.
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
}

/** What is kept for one watched user. */
interface Channel {
  watchers: number;
  readonly store: FlowStore;
  ready: boolean;
  lastEventTs: number | null;
  readonly monitoring: Map<string, MonitoringState>;
  readonly gaps: GapFiller;
  /** Flows of which the last snapshot did not hold all checkpoints, and which have not been read whole since. */
  partial: ReadonlySet<string>;
  /** When nobody watched any more; the channel is closed by that timer alone. */
  lingering?: ReturnType<typeof setTimeout> | undefined;
}

/** The flows of a snapshot that are whole, and those that are not. */
function inputsOf({ flows, checkpoints, truncated = [] }: SnapshotFrame): FlowInput[] {
  const cut = new Set(truncated);
  return [true, false].map((complete) => ({
    kind: 'records',
    flows: flows.filter((flow) => cut.has(flow.flow_id) !== complete),
    checkpoints: checkpoints.filter((checkpoint) => cut.has(checkpoint.flow_id) !== complete),
    complete,
  }));
}

function largest(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}

export function createLiveFeed({ connect, loadFlow }: LiveFeedOptions): LiveFeed {
  const channels = new Map<string, Channel>();
  const users = new BehaviorSubject<ReadonlySet<string>>(new Set());
  const changes = new Subject<Change>();
  const clock = createClockOffset();
  let connection: Connection = { state: 'connecting', reason: null };
  let problem: LiveState['problem'] = null;
  let link: Subscription | undefined;

  const tell = (user: string | null, events = 0): void => changes.next({ user, events });

  const apply = (user: string, channel: Channel, input: FlowInput): void => {
    const changed = channel.store.apply(input);
    if (changed.length === 0) return;
    for (const flow of changed) channel.gaps.check(flow);
    tell(user, input.kind === 'events' ? input.events.length : 0);
  };

  const onFrame = (frame: ServerFrame, receivedTs: number): void => {
    if (frame.type === 'subscribed') {
      // Every monitored user, and there may be none: no snapshot tells when it is complete.
      const all = channels.get(ALL_USERS);
      if (all !== undefined && frame.users.includes(ALL_USERS)) {
        all.ready = true;
        tell(ALL_USERS);
      }
      return;
    }
    if (frame.type === 'error') {
      problem = { code: frame.code, message: frame.message };
      tell(null);
      return;
    }
    if (!('user_id' in frame)) return;
    if (frame.type === 'events') for (const event of frame.events) clock.observe(event.ts, receivedTs);
    for (const user of [frame.user_id, ALL_USERS]) {
      const channel = channels.get(user);
      if (channel === undefined) continue;
      if (frame.type === 'events') {
        if (frame.events.length > 0) channel.lastEventTs = receivedTs;
        apply(user, channel, { kind: 'events', events: frame.events });
      } else if (frame.type === 'snapshot') {
        channel.ready = true;
        // A snapshot is of one user; everyone's channel gets one for each.
        const named = new Set(frame.flows.map((flow) => flow.flow_id));
        const cut = frame.truncated ?? [];
        channel.partial = new Set([...[...channel.partial].filter((flowId) => !named.has(flowId)), ...cut]);
        for (const input of inputsOf(frame)) apply(user, channel, input);
        for (const flowId of cut) channel.gaps.fill(flowId);
        tell(user);
      } else {
        const { user_id: userId, enabled, expires_ts: expiresTs } = frame;
        channel.monitoring.set(userId, { userId, enabled, expiresTs });
        tell(user);
      }
    }
  };

  const onMessage = (message: LiveMessage): void => {
    if (message.kind === 'connection' && message.connection.state === 'reconnecting') problem = null;
    if (message.kind === 'frame') return onFrame(message.frame, message.receivedTs);
    connection = message.connection;
    tell(null);
  };

  const openChannel = (user: string): Channel => {
    const channel: Channel = {
      watchers: 0,
      store: createFlowStore(),
      ready: false,
      lastEventTs: null,
      monitoring: new Map(),
      partial: new Set(),
      gaps: createGapFiller({
        current: (flowId) => channel.store.get(flowId),
        load: loadFlow,
        onLoaded({ flow, checkpoints }, complete) {
          if (complete) channel.partial = new Set([...channel.partial].filter((flowId) => flowId !== flow.flow_id));
          apply(user, channel, { kind: 'records', flows: [flow], checkpoints, complete });
        },
      }),
    };
    channels.set(user, channel);
    return channel;
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

  const enter = (wanted: readonly string[]): ReadonlyMap<string, Channel> => {
    const watched = new Map(wanted.map((user) => [user, channels.get(user) ?? openChannel(user)]));
    for (const channel of watched.values()) {
      channel.lingering = undefined;
      channel.watchers++;
    }
    if (wanted.some((user) => !users.value.has(user))) changeUsers();
    return watched;
  };

  const leave = (watched: ReadonlyMap<string, Channel>): void => {
    const timer = setTimeout(() => {
      const closed = [...watched].filter(([, channel]) => channel.lingering === timer);
      for (const [user, channel] of closed) {
        channel.gaps.stop();
        channels.delete(user);
      }
      if (closed.length > 0) changeUsers();
    }, LINGER_MS);
    for (const channel of watched.values()) {
      channel.watchers--;
      if (channel.watchers === 0) channel.lingering = timer;
    }
  };

  const monitoringOf = (user: string, { monitoring }: Channel): MonitoringState[] =>
    [...monitoring.values()].filter((grant) => user !== ALL_USERS || grant.enabled);

  /** The flows of one user are theirs alone, but for those that changed hands: the former user's stop at that point. */
  const joinFlows = (all: readonly Channel[]): readonly StoredFlow[] => {
    const [only] = all;
    if (only !== undefined && all.length === 1) return only.store.flows();
    const byId = new Map<string, StoredFlow>();
    for (const flow of all.flatMap(({ store }) => store.flows())) {
      const other = byId.get(flow.flowId);
      if (other === undefined || flow.record().last_seq > other.record().last_seq) byId.set(flow.flowId, flow);
    }
    return [...byId.values()].sort((a, b) => (a.flowId < b.flowId ? 1 : -1)).slice(0, MAX_FLOWS);
  };

  const stateOf = (watched: ReadonlyMap<string, Channel>): LiveState => {
    const all = [...watched.values()];
    return {
      connection,
      flows: joinFlows(all),
      monitoring: [...watched].flatMap(([user, channel]) => monitoringOf(user, channel)),
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
        const pace = createEmissionPace();
        const subscription = changes
          .pipe(
            filter(({ user }) => user === null || watched.has(user)),
            tap(({ events }) => pace.count(events)),
            throttle(() => timer(pace.next()), { leading: true, trailing: true }),
            startWith(null),
            map(() => stateOf(watched)),
          )
          .subscribe(observer);
        return () => {
          subscription.unsubscribe();
          leave(watched);
        };
      }),
  };
}
