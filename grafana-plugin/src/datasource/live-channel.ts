import { ALL_USERS, type FlowDetail, type ServerFrame, type SnapshotFrame } from '@flow-tracking/protocol';
import { createFlowStore, type FlowInput, type FlowStore } from '@flow-tracking/protocol/model';
import type { MonitoringState } from '../frames/meta';
import { createGapFiller, type GapFiller } from './gap-filler';

/** What a frame may be to a channel. */
export type ChannelFrame = Extract<ServerFrame, { user_id: string }>;

/** What is kept for one watched user, or for everyone. */
export interface LiveChannel {
  readonly user: string;
  readonly store: FlowStore;
  /** The first snapshot is there. */
  readonly ready: boolean;
  /** When the last event came, by the browser's clock, epoch ms. */
  readonly lastEventTs: number | null;
  /** Of this user; for everyone of all users that have a grant. */
  monitoring(): MonitoringState[];
  /** Flows of which the last snapshot did not hold all checkpoints, and which have not been read whole since. */
  readonly partial: ReadonlySet<string>;
  onFrame(frame: ChannelFrame, receivedTs: number): void;
  /** No snapshot tells when everyone's is complete: there may be none. */
  setReady(): void;
  close(): void;
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

/**
 * @param options.loadFlow asks history for a page of a flow in which events are missing
 * @param options.onChange told of every change, with the number of events that it was told by
 */
export function createLiveChannel(options: {
  user: string;
  loadFlow: (flowId: string, cursor: string | undefined) => Promise<FlowDetail>;
  onChange: (events: number) => void;
}): LiveChannel {
  const { user, loadFlow, onChange } = options;
  const store = createFlowStore();
  const grants = new Map<string, MonitoringState>();
  let ready = false;
  let lastEventTs: number | null = null;
  let partial: ReadonlySet<string> = new Set();

  const apply = (input: FlowInput): void => {
    const changed = store.apply(input);
    if (changed.length === 0) return;
    for (const flow of changed) gaps.check(flow);
    onChange(input.kind === 'events' ? input.events.length : 0);
  };

  const gaps: GapFiller = createGapFiller({
    current: (flowId) => store.get(flowId),
    load: loadFlow,
    onLoaded({ flow, checkpoints }, complete) {
      if (complete) partial = new Set([...partial].filter((flowId) => flowId !== flow.flow_id));
      apply({ kind: 'records', flows: [flow], checkpoints, complete });
    },
  });

  const onSnapshot = (frame: SnapshotFrame): void => {
    ready = true;
    // A snapshot is of one user; everyone's channel gets one for each.
    const named = new Set(frame.flows.map((flow) => flow.flow_id));
    const cut = frame.truncated ?? [];
    partial = new Set([...[...partial].filter((flowId) => !named.has(flowId)), ...cut]);
    for (const input of inputsOf(frame)) apply(input);
    for (const flowId of cut) gaps.fill(flowId);
    onChange(0);
  };

  return {
    user,
    store,
    get ready() {
      return ready;
    },
    get lastEventTs() {
      return lastEventTs;
    },
    get partial() {
      return partial;
    },
    monitoring: () => [...grants.values()].filter((grant) => user !== ALL_USERS || grant.enabled),
    onFrame(frame, receivedTs) {
      if (frame.type === 'snapshot') return onSnapshot(frame);
      if (frame.type === 'events') {
        if (frame.events.length > 0) lastEventTs = receivedTs;
        return apply({ kind: 'events', events: frame.events });
      }
      const { user_id: userId, enabled, expires_ts: expiresTs } = frame;
      grants.set(userId, { userId, enabled, expiresTs });
      onChange(0);
    },
    setReady() {
      ready = true;
      onChange(0);
    },
    close: () => gaps.stop(),
  };
}
