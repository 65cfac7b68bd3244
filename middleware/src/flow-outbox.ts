/** The parts of the recorder and of monitoring that a flow's events go through. */
export interface OutboxTargets {
  readonly recorder: {
    record(event: string, liveUser: string | undefined): void;
    publishEarlier(liveUser: string, events: readonly string[]): void;
  };
  readonly monitoring: {
    has(userId: string): boolean;
    /** False only when it is sure that nobody is monitored. */
    mayHaveAny(): boolean;
  };
}

/** What one flow keeps at most for a user still to be known; a viewer gets what is beyond from history. */
const MAX_KEPT_CHARACTERS = 64 * 1024;

/** Sends one flow's events on: all to the stream, and live when its user is monitored. */
export class FlowOutbox {
  private userId: string | undefined;
  private kept: string[] | undefined;
  private keptCharacters = 0;
  private mayKeep = true;

  constructor(private readonly targets: OutboxTargets) {}

  emit(event: string): void {
    const { recorder, monitoring } = this.targets;
    if (this.userId !== undefined) {
      recorder.record(event, monitoring.has(this.userId) ? this.userId : undefined);
      return;
    }
    recorder.record(event, undefined);
    if (this.mayKeep && monitoring.mayHaveAny()) this.keep(event);
  }

  /** From here on the flow is that user's. Publishes what came before if the user is monitored. */
  userKnown(userId: string): void {
    this.userId = userId;
    const { kept } = this;
    this.release();
    if (kept !== undefined && this.targets.monitoring.has(userId)) {
      this.targets.recorder.publishEarlier(userId, kept);
    }
  }

  /** Lets go of what was kept for a user who did not turn up. */
  release(): void {
    this.kept = undefined;
    this.mayKeep = false;
  }

  private keep(event: string): void {
    this.keptCharacters += event.length;
    // The beginning is kept rather than the latest: without `flow_start` a viewer has no flow to draw in.
    if (this.keptCharacters > MAX_KEPT_CHARACTERS) this.mayKeep = false;
    else (this.kept ??= []).push(event);
  }
}
