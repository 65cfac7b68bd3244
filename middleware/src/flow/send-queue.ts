/** The parts of the recorder and of monitoring that a flow's events go through. */
export interface SendTargets {
  readonly recorder: {
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

/** What one flow keeps at most for a user still to be known; a viewer gets what is beyond from history. */
const MAX_KEPT_CHARACTERS = 64 * 1024;

/** What the flows of a process keep beside the queue: memory that is bounded in all, and the flows that are not recorded. */
export class HeldFlows {
  /** Flows that ended without having been recorded. */
  sampledOut = 0;
  private readonly queues = new Set<FlowSendQueue>();
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

  add(queue: FlowSendQueue): void {
    this.queues.add(queue);
  }

  delete(queue: FlowSendQueue): void {
    this.queues.delete(queue);
  }

  /** From now on the user is monitored: what runs for them is recorded after all. */
  granted(userId: string): void {
    for (const queue of this.queues) queue.granted(userId);
  }
}

/**
 * Sends one flow's events on: all to the stream, and live when its user is monitored. Those of a flow that was sampled
 * out are held back until it ends, or until its user turns out to be monitored.
 */
export class FlowSendQueue {
  private userId: string | undefined;
  private kept: string[] | undefined;
  private keptCharacters = 0;
  private mayKeep = true;

  constructor(
    private readonly targets: SendTargets,
    private isRecorded: boolean,
  ) {
    if (!isRecorded) targets.heldFlows.add(this);
  }

  emit(event: string): void {
    const { recorder, monitoring } = this.targets;
    if (!this.isRecorded) {
      this.keep(event);
    } else if (this.userId !== undefined) {
      recorder.record(event, monitoring.has(this.userId) ? this.userId : undefined);
    } else {
      recorder.record(event, undefined);
      if (this.mayKeep && monitoring.mayHaveAny()) this.keep(event);
    }
  }

  /** From here on the flow is that user's. Publishes what came before if the user is monitored. */
  userKnown(userId: string): void {
    const { recorder, monitoring } = this.targets;
    this.userId = userId;
    if (!this.isRecorded) {
      if (monitoring.has(userId)) this.recordKept(userId);
      return;
    }
    const kept = this.takeKept();
    if (kept !== undefined && monitoring.has(userId)) recorder.publishEarlier(userId, kept);
  }

  granted(userId: string): void {
    if (userId === this.userId) this.recordKept(userId);
  }

  /** The flow has ended: lets go of what was kept for a user who did not turn up. */
  release(): void {
    this.takeKept();
    if (this.isRecorded) return;
    const { heldFlows } = this.targets;
    heldFlows.delete(this);
    heldFlows.sampledOut += 1;
  }

  private recordKept(userId: string): void {
    this.isRecorded = true;
    this.targets.heldFlows.delete(this);
    for (const event of this.takeKept() ?? []) this.targets.recorder.record(event, userId);
  }

  private keep(event: string): void {
    if (!this.mayKeep) return;
    const { length } = event;
    // The beginning is kept rather than the latest: without `flow_start` a viewer has no flow to draw in.
    this.mayKeep = this.keptCharacters + length <= MAX_KEPT_CHARACTERS && this.targets.heldFlows.take(length);
    if (!this.mayKeep) return;
    this.keptCharacters += length;
    (this.kept ??= []).push(event);
  }

  private takeKept(): string[] | undefined {
    const { kept } = this;
    this.kept = undefined;
    this.mayKeep = false;
    if (kept !== undefined) this.targets.heldFlows.giveBack(this.keptCharacters);
    return kept;
  }
}
