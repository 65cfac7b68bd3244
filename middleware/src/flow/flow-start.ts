import type { PendingEvent } from '../encode/event-text';
import { cleanId, jsonString } from '../encode/text';
import type { RecordedFlow } from './flow';
import { sendNext, userKnown } from './send-queue';

/** Tells what a flow's start says about its origin. It is asked late, because a request learns some of it late. None may throw. */
export interface FlowOrigin<Source> {
  /** JSON text: `,"name":…`, the process, and what else is known. */
  startText(source: Source): string;
  userId(source: Source): unknown;
  sessionId(source: Source): unknown;
  /** False: the flow is recorded only if its user is monitored. */
  isSampled(source: Source): boolean;
}

/** Records the start, unless it is recorded already. */
export function recordStart(flow: RecordedFlow): void {
  try {
    if (flow.seq === 0) prepare(flow);
  } catch {
    flow.context.misused('internal');
  }
}

export function recordUser(flow: RecordedFlow, user: unknown, session: unknown): void {
  try {
    if (flow.seq === 0) prepare(flow);
    recordIdentity(flow, user, session);
  } catch {
    flow.context.misused('internal');
  }
}

/** The next event, filled with what every event has. */
export function nextEvent(flow: RecordedFlow, type: PendingEvent['type'], seq: number, ts: number): PendingEvent {
  const event = flow.context.recorder.next;
  event.type = type;
  event.flowText = flow.flowText;
  event.seq = seq;
  event.ts = ts;
  event.attributes = undefined;
  event.moreText = '';
  return event;
}

/** Called before each event. Records the start, and the user as soon as the application knows it. */
export function prepare(flow: RecordedFlow): void {
  if (flow.seq === 0) recordFirst(flow);
  else if (flow.userId === undefined) {
    const user = askUser(flow);
    if (user !== undefined && user !== null) recordIdentity(flow, user, flow.origin.sessionId(flow.source));
  }
}

/** Asks once at a time: the option's function may record a checkpoint itself, and that would ask again. */
function askUser(flow: RecordedFlow): unknown {
  if (flow.isAskingUser) return undefined;
  flow.isAskingUser = true;
  const user = flow.origin.userId(flow.source);
  flow.isAskingUser = false;
  return user;
}

function recordFirst(flow: RecordedFlow): void {
  const { origin, source } = flow;
  // Set first, so that a checkpoint which an option's function records does not come back here.
  flow.seq = 1;
  if (flow.isStartLate) flow.context.lateStarts.cancel(flow);
  const userId = cleanedId(flow, askUser(flow));
  flow.sessionId = cleanedId(flow, origin.sessionId(source));
  const userText = userId === undefined ? '' : `,"user_id":${jsonString(userId)}`;
  // The flow's id needs no escaping, and reading it costs time.
  const sessionText = flow.sessionId === undefined ? `"${flow.id}"` : jsonString(flow.sessionId);
  const startText = origin.startText(source);
  if (userId !== undefined) userKnown(flow, userId);
  const event = nextEvent(flow, 'flow_start', 0, flow.startedTs);
  event.moreText = `,"session_id":${sessionText}${startText}${userText}`;
  sendNext(flow);
}

function recordIdentity(flow: RecordedFlow, user: unknown, session: unknown): void {
  const userId = cleanedId(flow, user);
  if (userId === undefined) return;
  const sessionId = cleanedId(flow, session);
  const isNewSession = sessionId !== undefined && sessionId !== flow.sessionId;
  if (userId === flow.userId && !isNewSession) return;
  if (isNewSession) flow.sessionId = sessionId;
  const { clock } = flow.context;
  userKnown(flow, userId);
  const event = nextEvent(flow, 'flow_identified', flow.seq++, clock.epoch(clock.now()));
  event.moreText = `,"user_id":${jsonString(userId)}${isNewSession ? `,"session_id":${jsonString(sessionId)}` : ''}`;
  sendNext(flow);
}

function cleanedId(flow: RecordedFlow, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const id = cleanId(value);
  if (id === undefined) flow.context.misused('invalid_id');
  return id;
}
