import { types } from 'node:util';
import type { CheckpointEventStatus, FlowEndStatus } from '@flow-tracking/protocol';
import type { AttributeEncoder } from '../encode/attributes';
import * as text from '../encode/event-text';
import { cleanId, jsonString } from '../encode/text';
import type { Clock } from '../record/clock';
import type { Deadline, Deadlines, Due } from '../record/timers';
import type { AttributesInput, BeginOptions } from './api';
import type { Parent } from './context';
import { FlowSendQueue, type SendTargets } from './send-queue';

/** A use of the API that changed nothing, or a fault of our own. */
export type MisuseCode = 'ended_twice' | 'invalid_id' | 'invalid_status' | 'invalid_time' | 'internal';

/** What the flows of one process share. */
export interface FlowContext extends SendTargets {
  readonly clock: Clock;
  readonly attributes: AttributeEncoder;
  readonly nextFlowId: (startedTs: number) => string;
  /** Text of a checkpoint's name with its status. */
  readonly checkpointNames: Readonly<Record<CheckpointEventStatus, (name: unknown) => string>>;
  /** `,"service":…,"instance":…` */
  readonly processText: string;
  readonly misused: (code: MisuseCode) => void;
  readonly lateStarts: Deadlines;
}

/** What a flow's start says. Asked when it is recorded, since a request learns some of it later. None may throw. */
export interface FlowOrigin {
  /** JSON text of the name. */
  nameText(): string;
  userId(): unknown;
  sessionId(): unknown;
  /** `,"trace_id":…` and `,"attributes":…`, or empty. */
  optionalText(): string;
  /** False: the flow is recorded only if its user is monitored. */
  isSampled(): boolean;
}

/** What the end of a timed checkpoint repeats of its begin. */
export interface BegunNode {
  readonly parent: Parent;
  readonly name: string;
  readonly nodeId: number;
  /** Node, parent and start as JSON text. */
  readonly nodeText: string;
  readonly startedMs: number;
}

/** Why something failed; wrapped, because `undefined` can be thrown, too. */
export interface Failure {
  readonly error: unknown;
}

/** Express 4 takes any value as a response's status, and after the headers are sent nobody looks at it any more. */
function isHttpStatus(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 999;
}

/** Epoch ms; NaN when it is no time. A plain JavaScript caller may pass anything, and a getter of theirs may throw. */
function startedAtOf(options: BeginOptions): number | undefined {
  try {
    const value: unknown = (options as BeginOptions | null)?.startedAt;
    if (value === undefined) return undefined;
    const ms = types.isDate(value) ? value.getTime() : value;
    return typeof ms === 'number' && Number.isFinite(ms) ? ms : NaN;
  } catch {
    return NaN;
  }
}

/** Mints a flow's events: ids, order and times, once and for all. Nothing in here throws. Times in ms of the clock. */
export class FlowWriter implements Due {
  readonly id: string;
  readonly startedMs: number;
  private readonly startedTs: number;
  private readonly flowText: string;
  private readonly sendQueue: FlowSendQueue;
  private seq = 0;
  private isAskingUser = false;
  private lateStart: Deadline | undefined;
  private userId: string | undefined;
  private sessionId: string | undefined;

  constructor(
    private readonly context: FlowContext,
    private readonly origin: FlowOrigin,
  ) {
    this.startedMs = context.clock.now();
    this.startedTs = context.clock.epoch(this.startedMs);
    this.id = context.nextFlowId(this.startedTs);
    this.flowText = text.flowText(this.id);
    this.sendQueue = new FlowSendQueue(context, origin.isSampled());
  }

  now(): number {
    return this.context.clock.now();
  }

  misused(code: MisuseCode): void {
    this.context.misused(code);
  }

  /**
   * Records the start, unless that is done. It waits for the first event of the flow, because Express knows the route,
   * and so the flow's name, only inside of the handler.
   */
  start(): void {
    if (this.seq === 0) this.guarded(() => this.recordStart());
  }

  /** Records the start when nothing else has by then, so that a request that hangs at once is seen. */
  startLate(target: Due = this): void {
    this.lateStart = this.context.lateStarts.add(target);
  }

  onDue(): void {
    this.start();
  }

  identify(user: unknown, session: unknown): void {
    this.guarded(() => {
      if (this.seq === 0) this.recordStart();
      this.recordIdentity(user, session);
    });
  }

  instant(parent: Parent, name: string, attributes: AttributesInput | undefined): void {
    try {
      const encoded = this.context.attributes.encode(attributes, name);
      this.prepare();
      const nowMs = this.context.clock.now();
      const optionalText = text.durationText(nowMs - parent.lastMs) + encoded.text;
      this.emitCheckpoint(parent, name, nowMs, encoded.status ?? 'ok', optionalText);
    } catch {
      this.context.misused('internal');
    }
  }

  /** Undefined when it could not be recorded; there is then nothing to end. */
  begin(
    parent: Parent,
    name: string,
    attributes: AttributesInput | undefined,
    options: BeginOptions | undefined,
  ): BegunNode | undefined {
    try {
      const encoded = this.context.attributes.encode(attributes, name);
      this.prepare();
      const nowMs = this.context.clock.now();
      const startedMs = options === undefined ? nowMs : this.startOf(options, nowMs);
      const nodeId = this.seq;
      const ts = this.emitCheckpoint(parent, name, startedMs, 'running', encoded.text);
      const nodeText = text.nodeText(nodeId, parent.nodeId, ts);
      return { parent, name, nodeId, nodeText, startedMs };
    } catch {
      this.context.misused('internal');
      return undefined;
    }
  }

  end(node: BegunNode, endedMs: number, attributes: AttributesInput | undefined, failure?: Failure): void {
    try {
      const encoded = this.context.attributes.encode(attributes, node.name);
      const errorText = failure === undefined ? '' : this.context.attributes.encodeError(failure.error, node.name);
      const status = failure === undefined ? (encoded.status ?? 'ok') : 'error';
      const nameText = this.context.checkpointNames[status](node.name);
      const ts = this.context.clock.epoch(endedMs);
      const durationMs = endedMs - node.startedMs;
      const optionalText = encoded.text + errorText;
      this.sendQueue.emit(
        text.checkpointEndText(this.flowText, this.seq++, ts, node.nodeText, nameText, durationMs, optionalText),
      );
      node.parent.lastMs = Math.max(node.parent.lastMs, endedMs);
    } catch {
      this.context.misused('internal');
    }
  }

  /** Records the flow's end; the caller sees to it that it does so once. */
  finish(status: FlowEndStatus, httpStatus: number | undefined, failure: Failure | undefined): void {
    this.guarded(() => {
      this.prepare();
      const httpText = isHttpStatus(httpStatus) ? text.httpStatusText(httpStatus) : '';
      const errorText = failure === undefined ? '' : this.context.attributes.encodeError(failure.error, '');
      const nowMs = this.context.clock.now();
      const ts = this.context.clock.epoch(nowMs);
      const durationMs = nowMs - this.startedMs;
      this.sendQueue.emit(text.flowEndText(this.flowText, this.seq++, ts, status, durationMs, httpText + errorText));
      this.sendQueue.release();
    });
  }

  private emitCheckpoint(
    parent: Parent,
    name: string,
    nowMs: number,
    status: CheckpointEventStatus,
    optionalText: string,
  ): number {
    const ts = this.context.clock.epoch(nowMs);
    const nameText = this.context.checkpointNames[status](name);
    this.sendQueue.emit(text.checkpointText(this.flowText, this.seq++, ts, parent.nodeId, nameText, optionalText));
    // A begin in the past does not lengthen what is recorded next to it.
    parent.lastMs = Math.max(parent.lastMs, nowMs);
    return ts;
  }

  /** When a timed checkpoint began, within the flow's start and now. */
  private startOf(options: BeginOptions, nowMs: number): number {
    const startedAt = startedAtOf(options);
    if (startedAt === undefined) return nowMs;
    if (Number.isNaN(startedAt)) {
      this.misused('invalid_time');
      return nowMs;
    }
    const agoMs = this.context.clock.epoch(nowMs) - startedAt;
    return Math.min(nowMs, Math.max(this.startedMs, nowMs - agoMs));
  }

  /** Before each event: the start is recorded, and the user as soon as the application can tell. */
  private prepare(): void {
    if (this.seq === 0) {
      this.recordStart();
    } else if (this.userId === undefined) {
      const user = this.askUser();
      if (user !== undefined && user !== null) this.recordIdentity(user, this.origin.sessionId());
    }
  }

  /** Once at a time: the option's function may record a checkpoint itself, which would ask it again. */
  private askUser(): unknown {
    if (this.isAskingUser) return undefined;
    this.isAskingUser = true;
    const user = this.origin.userId();
    this.isAskingUser = false;
    return user;
  }

  private recordStart(): void {
    // Taken first, so that an option's function which records a checkpoint does not come back here.
    this.seq = 1;
    const { origin, context } = this;
    if (this.lateStart !== undefined) context.lateStarts.cancel(this.lateStart);
    this.lateStart = undefined;
    this.userId = this.cleanedId(this.askUser());
    this.sessionId = this.cleanedId(origin.sessionId());
    const userText = this.userId === undefined ? '' : `,"user_id":${jsonString(this.userId)}`;
    // The flow's id is plain, and reading it would cost something.
    const sessionText = this.sessionId === undefined ? `"${this.id}"` : jsonString(this.sessionId);
    const optionalText = userText + origin.optionalText();
    if (this.userId !== undefined) this.sendQueue.userKnown(this.userId);
    this.sendQueue.emit(
      text.flowStartText(
        this.flowText,
        this.startedTs,
        sessionText,
        origin.nameText(),
        context.processText,
        optionalText,
      ),
    );
  }

  private recordIdentity(user: unknown, session: unknown): void {
    const userId = this.cleanedId(user);
    if (userId === undefined) return;
    const sessionId = this.cleanedId(session);
    const isNewSession = sessionId !== undefined && sessionId !== this.sessionId;
    if (userId === this.userId && !isNewSession) return;
    this.userId = userId;
    if (isNewSession) this.sessionId = sessionId;
    const sessionText = isNewSession ? jsonString(sessionId) : undefined;
    const ts = this.context.clock.epoch(this.context.clock.now());
    this.sendQueue.userKnown(userId);
    this.sendQueue.emit(text.flowIdentifiedText(this.flowText, this.seq++, ts, jsonString(userId), sessionText));
  }

  private cleanedId(value: unknown): string | undefined {
    if (value === undefined || value === null) return undefined;
    const id = cleanId(value);
    if (id === undefined) this.context.misused('invalid_id');
    return id;
  }

  private guarded(record: () => void): void {
    try {
      record();
    } catch {
      this.context.misused('internal');
    }
  }
}
