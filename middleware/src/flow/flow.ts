import { FLOW_END_STATUSES, type FlowEndStatus } from '@flow-tracking/protocol';
import { isLostConnection } from '../encode/error-info';
import type { Deadline, Deadlines, Due } from '../record/timers';
import type { AttributesInput, BeginOptions, Flow, Identity, TimedCheckpoint } from './api';
import { currentParent, type Parent } from './context';
import { FlowWriter, type Failure, type FlowContext, type FlowOrigin } from './flow-writer';
import { RecordedCheckpoint, runCheckpoint, type FlowNodes } from './timed-checkpoint';

/** A flow that is recorded, as the application sees it. The order of its events is the order of the calls. */
export class RecordedFlow implements Flow, FlowNodes, Parent, Due {
  readonly recording = true;
  readonly nodeId = null;
  lastMs: number;
  readonly writer: FlowWriter;
  streams: FlowNodes['streams'];
  open = 0;
  hasRun = false;
  private failure: Failure | undefined;
  private controller: AbortController | undefined;
  private ended = false;
  private isClientGone = false;
  private timeout: { readonly deadline: Deadline; readonly all: Deadlines } | undefined;
  private hasTimedOut = false;

  constructor(context: FlowContext, origin: FlowOrigin) {
    this.writer = new FlowWriter(context, origin);
    this.lastMs = this.writer.startedMs;
  }

  get id(): string {
    return this.writer.id;
  }

  get flow(): Flow {
    return this;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.isClientGone) this.controller.abort();
    }
    return this.controller.signal;
  }

  checkpoint(name: string, attributes?: AttributesInput): void {
    this.writer.instant(this.parent(), name, attributes);
  }

  begin(name: string, attributes?: AttributesInput, options?: BeginOptions): TimedCheckpoint {
    return new RecordedCheckpoint(this, this.parent(), name, attributes, options);
  }

  run<T>(
    name: string,
    attributesOrFn: AttributesInput | ((checkpoint: TimedCheckpoint) => T),
    fn?: (checkpoint: TimedCheckpoint) => T,
  ): T {
    return runCheckpoint(this, this.parent(), name, attributesOrFn, fn);
  }

  identify(identity: Identity): void {
    try {
      // A plain JavaScript caller may pass anything.
      const { userId, sessionId } = (identity as Identity | null | undefined) ?? {};
      this.writer.identify(userId, sessionId);
    } catch {
      // A getter of theirs threw.
      this.writer.misused('invalid_id');
    }
  }

  fail(error: unknown): void {
    this.failure ??= { error };
  }

  within<T>(fn: () => T): T {
    return currentParent.run(this, fn);
  }

  end(status?: FlowEndStatus): void {
    if (this.ended) {
      // Ended by the option `timeoutMs`, of which the caller knows nothing.
      if (!this.hasTimedOut) this.writer.misused('ended_twice');
      return;
    }
    // A plain JavaScript caller may pass anything, and it would go into the event's text as it is.
    const isKnown = FLOW_END_STATUSES.some((known) => known === status);
    if (status !== undefined && !isKnown) this.writer.misused('invalid_status');
    this.finish(isKnown && status !== undefined ? status : this.failure === undefined ? 'ok' : 'error');
  }

  /** Records the start, if it still waits for the route to be known. */
  start(): void {
    this.writer.start();
  }

  /** Has the start recorded in any case after a while; by `target`, which calls {@link start}, if given. */
  startLate(target?: Due): void {
    this.writer.startLate(target);
  }

  /** Has the flow ended as `timed_out` when nothing else has ended it in time. */
  endBy(timeouts: Deadlines): void {
    this.timeout = { deadline: timeouts.add(this), all: timeouts };
  }

  onDue(): void {
    this.hasTimedOut = true;
    this.finish('timed_out');
  }

  /** Ends the flow of a request whose response closed, unless the application has ended it; aborts {@link signal}. */
  close(httpStatus: number | undefined, isComplete: boolean): void {
    if (!this.ended) this.endWithResponse(httpStatus, isComplete);
    if (isComplete) return;
    this.isClientGone = true;
    this.controller?.abort();
  }

  private endWithResponse(httpStatus: number | undefined, isComplete: boolean): void {
    if (!isComplete && (this.failure === undefined || isLostConnection(this.failure.error))) {
      // That it was lost is no failure besides.
      this.failure = undefined;
      this.finish('aborted', httpStatus);
    } else if (this.failure !== undefined) this.finish('error', httpStatus);
    else this.finish(this.hasFailed(httpStatus) ? 'error' : 'ok', httpStatus);
  }

  /**
   * A refusal (4xx) is an answer like any other, unless it cut a checkpoint short: then something threw, such as the client
   * of a model, whose error has the status of the model's answer.
   */
  private hasFailed(httpStatus: number | undefined): boolean {
    return httpStatus !== undefined && (httpStatus >= 500 || (httpStatus >= 400 && this.open > 0));
  }

  private finish(status: FlowEndStatus, httpStatus?: number): void {
    this.ended = true;
    this.timeout?.all.cancel(this.timeout.deadline);
    if (this.streams !== undefined) for (const node of this.streams) node.endWithFlow(status);
    this.writer.finish(status, httpStatus, this.failure);
  }

  /** Where `run` put the calling code, if that is in this flow; else the top level. */
  private parent(): Parent {
    if (!this.hasRun) return this;
    const parent = currentParent.getStore();
    return parent?.flow === this ? parent : this;
  }
}
