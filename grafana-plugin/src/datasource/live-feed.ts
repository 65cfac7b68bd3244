import { ALL_USERS, type FlowDetail, type ServerFrame, type SnapshotFrame } from '@flow-tracking/protocol';
import { BehaviorSubject, filter, map, Observable, startWith, Subject, throttleTime, type Subscription } from 'rxjs';
import type { Connection, MonitoringState } from '../frames/meta';
import { NO_FLOWS, reduceFlows, type FlowInput, type Flows } from '../model/flows';
import { createClockOffset } from './clock-offset';
import { createGapFiller, type GapFiller } from './gap-filler';
import type { LiveMessage } from './live-client';

/** What a live query shows now. */
export interface LiveState {
  readonly connection: Connection;
  readonly flows: Flows;
  /** Of the watched user, or of all users that have a grant. */
  readonly monitoring: readonly MonitoringState[];
  /** The first snapshot is there. */
  readonly ready: boolean;
  readonly clockOffsetMs: number;
}

/** Live flows over one shared connection, which is open while someone watches. */
export interface LiveFeed {
  /**
   * Watches one user, or `"*"` for every monitored one: the state now, then at most every 50 ms while it changes. Never
   * ends by itself.
   */
  watch(user: string): Observable<LiveState>;
}

export interface LiveFeedOptions {
  readonly connect: (users: Observable<ReadonlySet<string>>) => Observable<LiveMessage>;
  /** Asks history for a page of a flow in which events are missing. */
  readonly loadFlow: (flowId: string, cursor: string | undefined) => Promise<FlowDetail>;
}

/** A changed variable or time range ends a query and starts the next: what it had is kept for that long. */
const LINGER_MS = 3_000;
/** The eye takes 20 pictures a second for motion; each one costs the panel a whole pass over the data. */
const EMIT_EVERY_MS = 50;

/** What is kept for one watched user. */
interface Channel {
  watchers: number;
  flows: Flows;
  ready: boolean;
  readonly monitoring: Map<string, MonitoringState>;
  readonly gaps: GapFiller;
  lingering?: ReturnType<typeof setTimeout>;
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

export function createLiveFeed({ connect, loadFlow }: LiveFeedOptions): LiveFeed {
  const channels = new Map<string, Channel>();
  const users = new BehaviorSubject<ReadonlySet<string>>(new Set());
  /** Says which channel has changed; null for all. */
  const changes = new Subject<string | null>();
  const clock = createClockOffset();
  let connection: Connection = { state: 'connecting', reason: null };
  let link: Subscription | undefined;

  const apply = (user: string, channel: Channel, input: FlowInput): void => {
    const before = channel.flows;
    channel.flows = reduceFlows(before, input);
    if (channel.flows === before) return;
    const touched = input.kind === 'events' ? input.events : input.flows;
    for (const flowId of new Set(touched.map((item) => item.flow_id))) {
      const flow = channel.flows.get(flowId);
      if (flow !== undefined) channel.gaps.check(flow);
    }
    changes.next(user);
  };

  const onFrame = (frame: ServerFrame, receivedTs: number): void => {
    if (frame.type === 'subscribed') {
      // Every monitored user, and there may be none: no snapshot tells when it is complete.
      const all = channels.get(ALL_USERS);
      if (all !== undefined && frame.users.includes(ALL_USERS)) {
        all.ready = true;
        changes.next(ALL_USERS);
      }
      return;
    }
    if (!('user_id' in frame)) return;
    if (frame.type === 'events') for (const event of frame.events) clock.observe(event.ts, receivedTs);
    for (const user of [frame.user_id, ALL_USERS]) {
      const channel = channels.get(user);
      if (channel === undefined) continue;
      if (frame.type === 'events') apply(user, channel, { kind: 'events', events: frame.events });
      else if (frame.type === 'snapshot') {
        channel.ready = true;
        for (const input of inputsOf(frame)) apply(user, channel, input);
        for (const flowId of frame.truncated ?? []) channel.gaps.fill(flowId);
        changes.next(user);
      } else {
        const { user_id: userId, enabled, expires_ts: expiresTs } = frame;
        channel.monitoring.set(userId, { userId, enabled, expiresTs });
        changes.next(user);
      }
    }
  };

  const onMessage = (message: LiveMessage): void => {
    if (message.kind === 'frame') return onFrame(message.frame, message.receivedTs);
    connection = message.connection;
    changes.next(null);
  };

  const openChannel = (user: string): Channel => {
    const channel: Channel = {
      watchers: 0,
      flows: NO_FLOWS,
      ready: false,
      monitoring: new Map(),
      gaps: createGapFiller({
        current: (flowId) => channel.flows.get(flowId),
        load: loadFlow,
        onLoaded: ({ flow, checkpoints }, complete) =>
          apply(user, channel, { kind: 'records', flows: [flow], checkpoints, complete }),
      }),
    };
    channels.set(user, channel);
    return channel;
  };

  const closeChannel = (user: string, channel: Channel): void => {
    channel.gaps.stop();
    channels.delete(user);
    users.next(new Set(channels.keys()));
    if (channels.size > 0) return;
    link?.unsubscribe();
    link = undefined;
    connection = { state: 'connecting', reason: null };
  };

  const enter = (user: string): Channel => {
    const channel = channels.get(user) ?? openChannel(user);
    clearTimeout(channel.lingering);
    channel.watchers++;
    if (!users.value.has(user)) users.next(new Set(channels.keys()));
    link ??= connect(users).subscribe(onMessage);
    return channel;
  };

  const leave = (user: string, channel: Channel): void => {
    channel.watchers--;
    if (channel.watchers > 0) return;
    channel.lingering = setTimeout(() => closeChannel(user, channel), LINGER_MS);
  };

  const stateOf = (user: string, channel: Channel): LiveState => ({
    connection,
    flows: channel.flows,
    monitoring: [...channel.monitoring.values()].filter((grant) => user !== ALL_USERS || grant.enabled),
    ready: channel.ready,
    clockOffsetMs: clock.offsetMs(),
  });

  return {
    watch: (user) =>
      new Observable((observer) => {
        const channel = enter(user);
        const subscription = changes
          .pipe(
            filter((changed) => changed === null || changed === user),
            throttleTime(EMIT_EVERY_MS, undefined, { leading: true, trailing: true }),
            startWith(user),
            map(() => stateOf(user, channel)),
          )
          .subscribe(observer);
        return () => {
          subscription.unsubscribe();
          leave(user, channel);
        };
      }),
  };
}
