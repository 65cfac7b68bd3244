import type { AttributeEncoder } from '../encode/attributes';
import type { Recorder } from '../record/recorder';
import type { Clock, Deadlines } from '../record/time';
import type { RecordedFlow } from './flow';

/** A use of the API that changed nothing, or a fault of our own. */
export type MisuseCode = 'ended_twice' | 'invalid_id' | 'invalid_status' | 'invalid_time' | 'internal';

/** What the flows of one process share. */
export interface FlowContext {
  readonly clock: Clock;
  readonly attributes: AttributeEncoder;
  readonly nextFlowId: (startedTs: number) => string;
  readonly misused: (code: MisuseCode) => void;
  readonly recorder: Pick<Recorder, 'next' | 'textOf' | 'recordNext' | 'record' | 'publishEarlier'>;
  readonly monitoring: {
    has(userId: string): boolean;
    /** False only when it is sure that nobody is monitored. */
    mayHaveAny(): boolean;
  };
  readonly heldFlows: HeldFlows;
  /** Records the start of a flow that has recorded nothing by then, so that a request that hangs at once is seen. */
  readonly lateStarts: Deadlines<RecordedFlow>;
  /** Ends a flow as `timed_out`. Undefined: never. */
  readonly timeouts: Deadlines<RecordedFlow> | undefined;
}

/** What one flow keeps at most until its user is known. A viewer gets the rest from history. */
const MAX_KEPT_CHARACTERS = 64 * 1024;

/** What the flows of a process keep beside the queue, within one limit for all, and which flows are not recorded. */
export class HeldFlows {
  /** Flows that ended and were not recorded. */
  sampledOut = 0;
  readonly flows = new Set<RecordedFlow>();
  private characters = 0;

  /** @param maxCharacters that all flows together keep at most */
  constructor(private readonly maxCharacters: number) {}

  /** False when there is no room. */
  take(characters: number): boolean {
    if (this.characters + characters > this.maxCharacters) return false;
    this.characters += characters;
    return true;
  }

  giveBack(characters: number): void {
    this.characters -= characters;
  }

  /** The user is monitored from now on: their running flows are recorded after all. */
  granted(userId: string): void {
    for (const flow of this.flows) if (flow.userId === userId) recordKept(flow, userId);
  }
}

/** Sends the recorder's next event on: to the stream, and live when the flow's user is monitored. */
export function sendNext(flow: RecordedFlow): void {
  const { recorder, monitoring } = flow.context;
  const { userId } = flow;
  if (!flow.isRecorded) keep(flow, recorder.textOf(recorder.next));
  else if (userId !== undefined) recorder.recordNext(monitoring.has(userId) ? userId : undefined);
  else if (flow.mayKeep && monitoring.mayHaveAny()) {
    const event = recorder.textOf(recorder.next);
    recorder.record(event, undefined);
    keep(flow, event);
  } else recorder.recordNext(undefined);
}

/** The flow belongs to that user from now on. Publishes what came before if the user is monitored. */
export function userKnown(flow: RecordedFlow, userId: string): void {
  const { recorder, monitoring } = flow.context;
  flow.userId = userId;
  if (!flow.isRecorded) {
    if (monitoring.has(userId)) recordKept(flow, userId);
    return;
  }
  const kept = takeKept(flow);
  if (kept.length > 0 && monitoring.has(userId)) recorder.publishEarlier(userId, kept);
}

/** The flow has ended. Forgets what was kept for a user who did not turn up. */
export function release(flow: RecordedFlow): void {
  const { heldFlows } = flow.context;
  takeKept(flow);
  if (heldFlows.flows.delete(flow)) heldFlows.sampledOut += 1;
}

function recordKept(flow: RecordedFlow, userId: string): void {
  flow.isRecorded = true;
  flow.context.heldFlows.flows.delete(flow);
  for (const event of takeKept(flow)) flow.context.recorder.record(event, userId);
}

function keep(flow: RecordedFlow, event: string): void {
  if (!flow.mayKeep) return;
  const { length } = event;
  // It keeps the beginning rather than the latest events, because a viewer can't draw a flow without `flow_start`.
  flow.mayKeep = flow.keptCharacters + length <= MAX_KEPT_CHARACTERS && flow.context.heldFlows.take(length);
  if (!flow.mayKeep) return;
  flow.keptCharacters += length;
  (flow.kept ??= []).push(event);
}

function takeKept(flow: RecordedFlow): readonly string[] {
  const { kept = [] } = flow;
  flow.kept = undefined;
  flow.mayKeep = false;
  if (kept.length > 0) flow.context.heldFlows.giveBack(flow.keptCharacters);
  return kept;
}
