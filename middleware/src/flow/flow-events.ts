import { types } from 'node:util';
import type { FlowEndStatus } from '@flow-tracking/protocol';
import { heldName, httpStatusText } from '../encode/event-text';
import type { AttributesInput, BeginOptions, Parent } from './api';
import { type Failure, type FlowState, nextEvent, type NodeState, prepare } from './flow-state';
import { release, sendNext } from './send-queue';

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

/** When a timed checkpoint began, within the flow's start and now. */
function startOf(flow: FlowState, options: BeginOptions, nowMs: number): number {
  const startedAt = startedAtOf(options);
  if (startedAt === undefined) return nowMs;
  if (Number.isNaN(startedAt)) {
    flow.context.misused('invalid_time');
    return nowMs;
  }
  const agoMs = flow.context.clock.epoch(nowMs) - startedAt;
  return Math.min(nowMs, Math.max(flow.startedMs, nowMs - agoMs));
}

/*
 * These mint a flow's events: ids, order and times, once and for all. What an application's functions do comes first; from the
 * fields of the next event on nothing of theirs is called. Nothing throws.
 */

export function recordInstant(flow: FlowState, parent: Parent, name: string, attributes: unknown): void {
  try {
    const { clock } = flow.context;
    const held = attributes === undefined ? undefined : flow.context.attributes.hold(attributes, name);
    prepare(flow);
    const nowMs = clock.now();
    const event = nextEvent(flow, 'checkpoint', clock.epoch(nowMs));
    event.parentId = parent.nodeId;
    event.name = heldName(name);
    event.status = undefined;
    event.durationMs = nowMs - parent.lastMs;
    event.attributes = held;
    sendNext(flow);
    parent.lastMs = Math.max(parent.lastMs, nowMs);
  } catch {
    flow.context.misused('internal');
  }
}

/** False when it could not be recorded; there is then nothing to end. */
export function recordBegin(
  flow: FlowState,
  node: NodeState,
  attributes: AttributesInput | undefined,
  options: BeginOptions | undefined,
): boolean {
  try {
    const { clock } = flow.context;
    const held = flow.context.attributes.hold(attributes, node.name);
    prepare(flow);
    const nowMs = clock.now();
    const startedMs = options === undefined ? nowMs : startOf(flow, options, nowMs);
    const startedTs = clock.epoch(startedMs);
    const { parent } = node;
    const event = nextEvent(flow, 'checkpoint', startedTs);
    event.parentId = parent.nodeId;
    event.name = heldName(node.name);
    event.status = 'running';
    event.durationMs = NaN;
    event.attributes = held;
    node.nodeId = event.seq;
    sendNext(flow);
    node.startedMs = startedMs;
    node.startedTs = startedTs;
    node.lastMs = startedMs;
    // A begin in the past does not lengthen what is recorded next to it.
    parent.lastMs = Math.max(parent.lastMs, startedMs);
    return true;
  } catch {
    flow.context.misused('internal');
    return false;
  }
}

export function recordEnd(
  flow: FlowState,
  node: NodeState,
  endedMs: number,
  attributes: AttributesInput | undefined,
  failure: Failure | undefined,
): void {
  try {
    const { clock, attributes: encoder } = flow.context;
    const held = encoder.hold(attributes, node.name);
    const errorText = failure === undefined ? '' : encoder.encodeError(failure.error, node.name);
    const event = nextEvent(flow, 'checkpoint_end', clock.epoch(endedMs));
    event.nodeId = node.nodeId ?? 0;
    event.parentId = node.parent.nodeId;
    event.name = heldName(node.name);
    event.status = failure === undefined ? undefined : 'error';
    event.startedTs = node.startedTs;
    event.durationMs = endedMs - node.startedMs;
    event.attributes = held;
    event.moreText = errorText;
    sendNext(flow);
    node.parent.lastMs = Math.max(node.parent.lastMs, endedMs);
  } catch {
    flow.context.misused('internal');
  }
}

/** Records the flow's end; the caller sees to it that it does so once. */
export function recordFlowEnd(
  flow: FlowState,
  status: FlowEndStatus,
  httpStatus: number | undefined,
  failure: Failure | undefined,
): void {
  try {
    prepare(flow);
    const { clock, attributes } = flow.context;
    const errorText = failure === undefined ? '' : attributes.encodeError(failure.error, '');
    const nowMs = clock.now();
    const event = nextEvent(flow, 'flow_end', clock.epoch(nowMs));
    event.status = status;
    event.durationMs = nowMs - flow.startedMs;
    event.moreText = isHttpStatus(httpStatus) ? httpStatusText(httpStatus) + errorText : errorText;
    sendNext(flow);
    release(flow);
  } catch {
    flow.context.misused('internal');
  }
}
