import type { AsyncResource } from 'node:async_hooks';
import { FLOW_END_STATUSES, type FlowEndStatus } from '@flow-tracking/protocol';
import { flowText } from '../encode/event-text';
import { isLostConnection } from '../errors';
import type { AttributesInput, BeginOptions, Flow, Identity, Parent, TimedCheckpoint, Work } from './api';
import { currentParent } from './api';
import { type Failure, recordFlowEnd, recordInstant } from './flow-events';
import { type FlowOrigin, recordStart, recordUser } from './flow-start';
import type { FlowContext } from './send-queue';
import { RecordedCheckpoint, runCheckpoint } from './timed-checkpoint';

/**
 * A flow that is recorded. One object serves the application and holds all that recording needs. Events have the order of the
 * calls. Times are ms of the clock; those that end in `Ts` are epoch ms.
 */
export class RecordedFlow implements Flow, Parent {
  readonly recording = true;
  readonly nodeId = null;
  readonly id: string;
  readonly startedMs: number;
  readonly startedTs: number;
  readonly flowText: string;
  lastMs: number;
  seq = 0;
  userId: string | undefined = undefined;
  sessionId: string | undefined = undefined;
  isAskingUser = false;
  /** False: sampled out, unless its user turns out to be monitored. */
  isRecorded: boolean;
  /** Events that wait for the user to be known. */
  kept: string[] | undefined = undefined;
  keptCharacters = 0;
  mayKeep = true;
  /** Timed checkpoints with a stream that nothing has ended yet. The flow's end ends them. */
  streams: Set<RecordedCheckpoint> | undefined = undefined;
  /** How many timed checkpoints have not ended. */
  open = 0;
  /** `run` or `within` has called some code, so the async context may name another parent than the flow. */
  hasRun = false;
  /** Its request has not closed. */
  isOpen = false;
  isStartLate = false;
  private lateScope: AsyncResource | undefined = undefined;
  private failure: Failure | undefined = undefined;
  private controller: AbortController | undefined = undefined;
  private ended = false;
  private isClientGone = false;
  private hasTimedOut = false;

  constructor(
    readonly context: FlowContext,
    readonly origin: FlowOrigin<unknown>,
    readonly source: unknown,
  ) {
    this.startedMs = context.clock.now();
    this.lastMs = this.startedMs;
    this.startedTs = context.clock.epoch(this.startedMs);
    this.id = context.nextFlowId(this.startedTs);
    this.flowText = flowText(this.id);
    this.isRecorded = origin.isSampled(source);
    if (!this.isRecorded) context.heldFlows.flows.add(this);
    context.timeouts?.add(this);
  }

  get flow(): this {
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
    recordInstant(this, this.parent(), name, attributes);
  }

  begin(name: string, attributes?: AttributesInput, options?: BeginOptions): TimedCheckpoint {
    return new RecordedCheckpoint(this, this.parent(), name, attributes, options);
  }

  run<T>(name: string, attributesOrFn: AttributesInput | Work<T>, fn?: Work<T>): T {
    return runCheckpoint(this, this.parent(), name, attributesOrFn, fn);
  }

  identify(identity: Identity): void {
    try {
      // A plain JavaScript caller may pass anything.
      const { userId, sessionId } = (identity as Identity | null | undefined) ?? {};
      recordUser(this, userId, sessionId);
    } catch {
      // A getter of theirs threw.
      this.context.misused('invalid_id');
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
      // The option `timeoutMs` has ended it, and the caller does not know.
      if (!this.hasTimedOut) this.context.misused('ended_twice');
      return;
    }
    // A plain JavaScript caller may pass anything, and it would go into the event's text unchanged.
    const known = FLOW_END_STATUSES.find((one) => one === status);
    if (known === undefined && status !== undefined) this.context.misused('invalid_status');
    this.finish(known ?? (this.failure === undefined ? 'ok' : 'error'));
  }

  /** Records the start with the first event, because Express knows the route only inside the handler. @param scope for a late start */
  startLate(scope: AsyncResource | undefined): void {
    this.isStartLate = true;
    this.lateScope = scope;
    this.context.lateStarts.add(this);
  }

  /** Nothing was recorded in time. */
  onLate(): void {
    if (this.lateScope === undefined) recordStart(this);
    else this.lateScope.runInAsyncScope(recordStart, undefined, this);
  }

  /** Nothing has ended it in time. */
  onTimeout(): void {
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
      // The lost connection is not a failure of its own.
      this.failure = undefined;
      this.finish('aborted', httpStatus);
      return;
    }
    // A refusal (4xx) is a normal answer, unless a checkpoint is still open. Then something threw, such as the client of a
    // model, whose error has the status of the model's answer.
    const hasFailed = httpStatus !== undefined && (httpStatus >= 500 || (httpStatus >= 400 && this.open > 0));
    this.finish(hasFailed || this.failure !== undefined ? 'error' : 'ok', httpStatus);
  }

  private finish(status: FlowEndStatus, httpStatus?: number): void {
    this.ended = true;
    this.context.timeouts?.cancel(this);
    if (this.streams !== undefined) for (const node of this.streams) node.endWithFlow(status);
    recordFlowEnd(this, status, httpStatus, this.failure);
  }

  /** The parent that `run` has set for the calling code, if it belongs to this flow, else the top level. */
  private parent(): Parent {
    if (!this.hasRun) return this;
    const parent = currentParent.getStore();
    return parent?.flow === this ? parent : this;
  }
}
