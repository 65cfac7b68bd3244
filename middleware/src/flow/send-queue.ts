import type { PendingEvent } from '../encode/event-text';

/** The parts of the recorder and of monitoring that a flow's events go through. */
export interface SendTargets {
  readonly recorder: {
    /** The event to fill before it is recorded. */
    readonly next: PendingEvent;
    nextText(): string;
    recordNext(liveUser: string | undefined): void;
    record(event: string, liveUser: string | undefined): void;
    publishEarlier(liveUser: string, events: readonly string[]): void;
  };
  readonly monitoring: {
    has(userId: string): boolean;
    /** False only when it is sure that nobody is monitored. */
    mayHaveAny(): boolean;
  };
  readonly heldFlows: HeldFlows;
}

/** What of a flow decides where its events go. */
export interface SendQueue {
  readonly context: SendTargets;
  userId: string | undefined;
  /** False: sampled out, unless its user turns out to be monitored. */
  isRecorded: boolean;
  /** Events that wait for the user to be known. */
  kept: string[] | undefined;
  keptCharacters: number;
  mayKeep: boolean;
}

/** What one flow keeps at most for a user still to be known; a viewer gets what is beyond from history. */
const MAX_KEPT_CHARACTERS = 64 * 1024;

/** What the flows of a process keep beside the queue: memory that is bounded in all, and the flows that are not recorded. */
export class HeldFlows {
  /** Flows that ended without having been recorded. */
  sampledOut = 0;
  private readonly flows = new Set<SendQueue>();
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

  add(flow: SendQueue): void {
    this.flows.add(flow);
  }

  delete(flow: SendQueue): void {
    this.flows.delete(flow);
  }

  /** From now on the user is monitored: what runs for them is recorded after all. */
  granted(userId: string): void {
    for (const flow of this.flows) if (flow.userId === userId) recordKept(flow, userId);
  }
}

/** Sends the recorder's next event on: to the stream, and live when the flow's user is monitored. */
export function sendNext(flow: SendQueue): void {
  const { recorder, monitoring } = flow.context;
  const { userId } = flow;
  if (!flow.isRecorded) keep(flow, recorder.nextText());
  else if (userId !== undefined) recorder.recordNext(monitoring.has(userId) ? userId : undefined);
  else if (flow.mayKeep && monitoring.mayHaveAny()) {
    const event = recorder.nextText();
    recorder.record(event, undefined);
    keep(flow, event);
  } else recorder.recordNext(undefined);
}

/** From here on the flow is its `userId`'s. Publishes what came before if that user is monitored. */
export function userKnown(flow: SendQueue, userId: string): void {
  const { recorder, monitoring } = flow.context;
  flow.userId = userId;
  if (!flow.isRecorded) {
    if (monitoring.has(userId)) recordKept(flow, userId);
    return;
  }
  const kept = takeKept(flow);
  if (kept !== undefined && monitoring.has(userId)) recorder.publishEarlier(userId, kept);
}

/** The flow has ended: lets go of what was kept for a user who did not turn up. */
export function release(flow: SendQueue): void {
  takeKept(flow);
  if (flow.isRecorded) return;
  const { heldFlows } = flow.context;
  heldFlows.delete(flow);
  heldFlows.sampledOut += 1;
}

function recordKept(flow: SendQueue, userId: string): void {
  flow.isRecorded = true;
  flow.context.heldFlows.delete(flow);
  for (const event of takeKept(flow) ?? []) flow.context.recorder.record(event, userId);
}

function keep(flow: SendQueue, event: string): void {
  if (!flow.mayKeep) return;
  const { length } = event;
  // The beginning is kept rather than the latest: without `flow_start` a viewer has no flow to draw in.
  flow.mayKeep = flow.keptCharacters + length <= MAX_KEPT_CHARACTERS && flow.context.heldFlows.take(length);
  if (!flow.mayKeep) return;
  flow.keptCharacters += length;
  (flow.kept ??= []).push(event);
}

function takeKept(flow: SendQueue): string[] | undefined {
  const { kept } = flow;
  flow.kept = undefined;
  flow.mayKeep = false;
  if (kept !== undefined) flow.context.heldFlows.giveBack(flow.keptCharacters);
  return kept;
}
