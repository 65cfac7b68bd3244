import { createFlowIds, type FlowEvent, parseEvent } from '@flow-tracking/protocol';
import { type AttributeLimits, createAttributeEncoder } from '../encode/attributes';
import { createEventEncoder, PendingEvent } from '../encode/event-text';
import type { Redact } from '../encode/redact';
import { RecordedFlow } from '../flow/flow';
import type { FlowOrigin } from '../flow/flow-start';
import { type FlowContext, HeldFlows, type MisuseCode } from '../flow/send-queue';
import { createClock, Deadlines } from '../record/time';
import { MonitoringSet } from '../redis/monitoring';

export const LIMITS_OF_TESTS: AttributeLimits = { eventBytes: 65_536, attributes: 128, valueBytes: 16_384 };

/** Flows whose events are collected instead of sent, with a clock that the test moves. */
export interface FlowHarness {
  /** What went to the stream, checked by the protocol's own parser. */
  events: () => FlowEvent[];
  /** What was published, per user in order. */
  published: Map<string, FlowEvent[]>;
  monitoring: MonitoringSet;
  misused: MisuseCode[];
  heldFlows: HeldFlows;
  /** Moves the clock, ms. */
  pass: (ms: number) => void;
  flow: (origin?: Partial<FlowOrigin<unknown>>) => RecordedFlow;
}

export const START_MS = 1_764_050_000_000;

/** @param keptCharacters that all flows together keep at most */
export function createHarness(redact?: Redact, keptCharacters = 1_000_000): FlowHarness {
  let nowMs = 1000;
  const texts: string[] = [];
  const published = new Map<string, FlowEvent[]>();
  const misused: MisuseCode[] = [];
  const wallMs = (): number => START_MS + nowMs - 1000;
  const heldFlows = new HeldFlows(keptCharacters);
  const monitoring = new MonitoringSet((userId) => {
    heldFlows.granted(userId);
  }, wallMs);
  // After the comma that each begins with.
  const parse = (text: string): FlowEvent => parseEvent(JSON.parse(text.slice(1)));
  const publish = (user: string, events: readonly string[]): void => {
    published.set(user, [...(published.get(user) ?? []), ...events.map(parse)]);
  };
  const attributes = createAttributeEncoder(LIMITS_OF_TESTS, redact);
  const textOf = createEventEncoder(attributes);
  const next = new PendingEvent();
  const record = (event: string, liveUser: string | undefined): void => {
    texts.push(event);
    if (liveUser !== undefined) publish(liveUser, [event]);
  };
  const context: FlowContext = {
    clock: createClock(wallMs, () => nowMs),
    attributes,
    nextFlowId: createFlowIds(),
    monitoring,
    heldFlows,
    lateStarts: new Deadlines(
      100,
      () => nowMs,
      setTimeout,
      (flow) => flow.onLate(),
    ),
    timeouts: undefined,
    recorder: {
      next,
      textOf,
      recordNext(liveUser) {
        record(textOf(next), liveUser);
      },
      record,
      publishEarlier: publish,
    },
    misused: (code) => misused.push(code),
  };
  return {
    events: () => texts.map(parse),
    published,
    monitoring,
    misused,
    heldFlows,
    pass(ms) {
      nowMs += ms;
    },
    flow: (origin) =>
      new RecordedFlow(
        context,
        {
          startText: () => ',"name":"POST /ask","service":"chat","instance":"chat-1"',
          userId: () => undefined,
          sessionId: () => undefined,
          isSampled: () => true,
          ...origin,
        },
        undefined,
      ),
  };
}

/** The part of an event that tells which one it is, for comparing sequences. */
export function outline(event: FlowEvent): string {
  switch (event.type) {
    case 'flow_start':
      return `${event.seq} start ${event.name}`;
    case 'flow_identified':
      return `${event.seq} user ${event.user_id}`;
    case 'checkpoint':
      return `${event.seq} ${event.checkpoint} ${event.status} under ${event.parent_id ?? 'top'}`;
    case 'checkpoint_end':
      return `${event.seq} end of ${event.node_id} ${event.checkpoint} ${event.status}`;
    case 'flow_end':
      return `${event.seq} end ${event.status}`;
  }
}
