import type { AttributeEncoder } from '../encode/attributes';
import type { PendingEvent } from '../encode/event-text';
import { cleanId, jsonString } from '../encode/text';
import type { Clock, Deadline, Deadlines } from '../record/time';
import type { Parent } from './api';
import { sendNext, type SendQueue, type SendTargets, userKnown } from './send-queue';

/** A use of the API that changed nothing, or a fault of our own. */
export type MisuseCode = 'ended_twice' | 'invalid_id' | 'invalid_status' | 'invalid_time' | 'internal';

/** What the flows of one process share. */
export interface FlowContext extends SendTargets {
  readonly clock: Clock;
  readonly attributes: AttributeEncoder;
  readonly nextFlowId: (startedTs: number) => string;
  readonly misused: (code: MisuseCode) => void;
  readonly lateStarts: Deadlines;
}

/** What a flow's start says of what it comes of. Asked when it is recorded, since a request learns some of it later. None may throw. */
export interface FlowOrigin<Source> {
  /** `,"name":…`, with the process and what else is known, as JSON text. */
  startText(source: Source): string;
  userId(source: Source): unknown;
  sessionId(source: Source): unknown;
  /** False: the flow is recorded only if its user is monitored. */
  isSampled(source: Source): boolean;
}

/** What the recording of a flow keeps. Times in ms of the clock, unless they end in `Ts`, which is epoch ms. */
export interface FlowState extends SendQueue, Deadline {
  readonly context: FlowContext;
  readonly origin: FlowOrigin<unknown>;
  readonly source: unknown;
  readonly id: string;
  readonly startedMs: number;
  readonly startedTs: number;
  readonly flowText: string;
  seq: number;
  isAskingUser: boolean;
  isStartLate: boolean;
  sessionId: string | undefined;
}

/** A timed checkpoint; what its end repeats of its begin. */
export interface NodeState extends Parent {
  nodeId: number | null;
  readonly parent: Parent;
  readonly name: string;
  startedMs: number;
  startedTs: number;
}

/** Why something failed; wrapped, because `undefined` can be thrown, too. */
export interface Failure {
  readonly error: unknown;
}

/** The next event, with what every event has. */
export function nextEvent(flow: FlowState, type: PendingEvent['type'], ts: number): PendingEvent {
  const event = flow.context.recorder.next;
  event.type = type;
  event.flowText = flow.flowText;
  event.seq = flow.seq++;
  event.ts = ts;
  event.attributes = undefined;
  event.moreText = '';
  return event;
}

/**
 * Records the start, unless that is done. It waits for the first event of the flow, because Express knows the route, and so
 * the flow's name, only inside of the handler.
 */
export function recordStart(flow: FlowState): void {
  if (flow.seq > 0) return;
  try {
    prepare(flow);
  } catch {
    flow.context.misused('internal');
  }
}

export function recordUser(flow: FlowState, user: unknown, session: unknown): void {
  try {
    if (flow.seq === 0) prepare(flow);
    recordIdentity(flow, user, session);
  } catch {
    flow.context.misused('internal');
  }
}

/** Before each event: the start is recorded, and the user as soon as the application can tell. */
export function prepare(flow: FlowState): void {
  if (flow.seq === 0) recordFirst(flow);
  else if (flow.userId === undefined) {
    const user = askUser(flow);
    if (user !== undefined && user !== null) recordIdentity(flow, user, flow.origin.sessionId(flow.source));
  }
}

/** Once at a time: the option's function may record a checkpoint itself, which would ask it again. */
function askUser(flow: FlowState): unknown {
  if (flow.isAskingUser) return undefined;
  flow.isAskingUser = true;
  const user = flow.origin.userId(flow.source);
  flow.isAskingUser = false;
  return user;
}

function recordFirst(flow: FlowState): void {
  const { origin, source, context } = flow;
  // Taken first, so that an option's function which records a checkpoint does not come back here.
  flow.seq = 1;
  if (flow.isStartLate) context.lateStarts.cancel(flow);
  const userId = cleanedId(flow, askUser(flow));
  flow.sessionId = cleanedId(flow, origin.sessionId(source));
  const userText = userId === undefined ? '' : `,"user_id":${jsonString(userId)}`;
  // The flow's id is plain, and reading it would cost something.
  const sessionText = flow.sessionId === undefined ? `"${flow.id}"` : jsonString(flow.sessionId);
  const startText = origin.startText(source);
  if (userId !== undefined) userKnown(flow, userId);
  const { next } = context.recorder;
  next.type = 'flow_start';
  next.flowText = flow.flowText;
  next.seq = 0;
  next.ts = flow.startedTs;
  next.attributes = undefined;
  next.moreText = `,"session_id":${sessionText}${startText}${userText}`;
  sendNext(flow);
}

function recordIdentity(flow: FlowState, user: unknown, session: unknown): void {
  const userId = cleanedId(flow, user);
  if (userId === undefined) return;
  const sessionId = cleanedId(flow, session);
  const isNewSession = sessionId !== undefined && sessionId !== flow.sessionId;
  if (userId === flow.userId && !isNewSession) return;
  if (isNewSession) flow.sessionId = sessionId;
  const { clock } = flow.context;
  userKnown(flow, userId);
  const event = nextEvent(flow, 'flow_identified', clock.epoch(clock.now()));
  event.moreText = `,"user_id":${jsonString(userId)}${isNewSession ? `,"session_id":${jsonString(sessionId)}` : ''}`;
  sendNext(flow);
}

function cleanedId(flow: FlowState, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const id = cleanId(value);
  if (id === undefined) flow.context.misused('invalid_id');
  return id;
}
