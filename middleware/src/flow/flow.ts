import type { AsyncResource } from 'node:async_hooks';
import { FLOW_END_STATUSES, type FlowEndStatus } from '@flow-tracking/protocol';
import { flowText } from '../encode/event-text';
import { isLostConnection } from '../errors';
import type { Deadline, Deadlines } from '../record/time';
import {
  type AttributesInput,
  type BeginOptions,
  currentParent,
  type Flow,
  type Identity,
  type Parent,
  type TimedCheckpoint,
} from './api';
import { recordFlowEnd, recordInstant } from './flow-events';
import { type Failure, type FlowContext, type FlowOrigin, type FlowState, recordStart, recordUser } from './flow-state';
import type { SendQueue } from './send-queue';
import { type FlowNodes, RecordedCheckpoint, runCheckpoint } from './timed-checkpoint';

/**
 * A flow that is recorded, as the application sees it: one object for all that its recording needs. The order of its events is
 * the order of the calls.
 */
export class RecordedFlow implements Flow, FlowState, FlowNodes, Parent {
  readonly recording = true;
  readonly nodeId = null;
  readonly id: string;
  readonly startedMs: number;
  readonly startedTs: number;
  readonly flowText: string;
  lastMs: number;
  seq = 0;
  userId: string | undefined;
  sessionId: string | undefined;
  isAskingUser = false;
  isRecorded: boolean;
  kept: SendQueue['kept'];
  keptCharacters = 0;
  mayKeep = true;
  streams: FlowNodes['streams'];
  open = 0;
  hasRun = false;
  /** Its request has not closed. */
  isOpen = false;
  isStartLate = false;
  dueMs = 0;
  previous: Deadline | undefined;
  next: Deadline | undefined;
  private lateScope: AsyncResource | undefined;
  private failure: Failure | undefined;
  private controller: AbortController | undefined;
  private ended = false;
  private isClientGone = false;
  private timeouts: Deadlines | undefined;
  private timeout: Deadline | undefined;
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
    if (!this.isRecorded) context.heldFlows.add(this);
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
      // Ended by the option `timeoutMs`, of which the caller knows nothing.
      if (!this.hasTimedOut) this.context.misused('ended_twice');
      return;
    }
    // A plain JavaScript caller may pass anything, and it would go into the event's text as it is.
    const isKnown = FLOW_END_STATUSES.some((known) => known === status);
    if (status !== undefined && !isKnown) this.context.misused('invalid_status');
    this.finish(isKnown && status !== undefined ? status : this.failure === undefined ? 'ok' : 'error');
  }

  /** Records the start, if it still waits for the route to be known. */
  start(): void {
    recordStart(this);
  }

  /** Has the start recorded when nothing else has by then, so that a request that hangs at once is seen; in `scope`, if given. */
  startLate(scope?: AsyncResource): void {
    this.isStartLate = true;
    this.lateScope = scope;
    this.context.lateStarts.add(this);
  }

  onDue(): void {
    if (this.lateScope === undefined) recordStart(this);
    else this.lateScope.runInAsyncScope(recordStart, undefined, this);
  }

  /** Has the flow ended as `timed_out` when nothing else has ended it in time. */
  endBy(timeouts: Deadlines): void {
    const onDue = (): void => {
      this.hasTimedOut = true;
      this.finish('timed_out');
    };
    this.timeouts = timeouts;
    this.timeout = { dueMs: 0, previous: undefined, next: undefined, onDue };
    timeouts.add(this.timeout);
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
    if (this.timeout !== undefined) this.timeouts?.cancel(this.timeout);
    if (this.streams !== undefined) for (const node of this.streams) node.endWithFlow(status);
    recordFlowEnd(this, status, httpStatus, this.failure);
  }

  /** Where `run` put the calling code, if that is in this flow; else the top level. */
  private parent(): Parent {
    if (!this.hasRun) return this;
    const parent = currentParent.getStore();
    return parent?.flow === this ? parent : this;
  }
}
