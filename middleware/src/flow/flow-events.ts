import { types } from 'node:util';
import type { FlowEndStatus } from '@flow-tracking/protocol';
import { heldName } from '../encode/text';
import type { AttributesInput, BeginOptions, Parent } from './api';
import type { RecordedFlow } from './flow';
import { nextEvent, prepare } from './flow-start';
import { release, sendNext } from './send-queue';
import type { RecordedCheckpoint } from './timed-checkpoint';

/*
 * These give a flow's events their ids, order and times, once and for all. The application's functions are called first. None of
 * them is called once the next event is being filled. Nothing throws.
 */

/** Why something failed. It is wrapped, because `undefined` can be thrown, too. */
export interface Failure {
  readonly error: unknown;
}

export function recordInstant(flow: RecordedFlow, parent: Parent, name: string, attributes: unknown): void {
  try {
    const { clock } = flow.context;
    const held = attributes === undefined ? undefined : flow.context.attributes.hold(attributes, name);
    prepare(flow);
    const nowMs = clock.now();
    const event = nextEvent(flow, 'checkpoint', flow.seq++, clock.epoch(nowMs));
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

/** False: it could not be recorded, so there is nothing to end. */
export function recordBegin(
  node: RecordedCheckpoint,
  attributes: AttributesInput | undefined,
  options: BeginOptions | undefined,
): boolean {
  const { flow, parent } = node;
  try {
    const { clock } = flow.context;
    const held = flow.context.attributes.hold(attributes, node.name);
    prepare(flow);
    const nowMs = clock.now();
    const startedMs = options === undefined ? nowMs : startOf(flow, options, nowMs);
    const startedTs = clock.epoch(startedMs);
    const event = nextEvent(flow, 'checkpoint', flow.seq++, startedTs);
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
    // A begin in the past must not lengthen what is recorded next under that parent.
    parent.lastMs = Math.max(parent.lastMs, startedMs);
    return true;
  } catch {
    flow.context.misused('internal');
    return false;
  }
}

export function recordEnd(
  node: RecordedCheckpoint,
  endedMs: number,
  attributes: AttributesInput | undefined,
  failure: Failure | undefined,
): void {
  const { flow, parent } = node;
  try {
    const { clock, attributes: encoder } = flow.context;
    const held = encoder.hold(attributes, node.name);
    const errorText = failure === undefined ? '' : encoder.encodeError(failure.error, node.name);
    const event = nextEvent(flow, 'checkpoint_end', flow.seq++, clock.epoch(endedMs));
    event.nodeId = node.nodeId ?? 0;
    event.parentId = parent.nodeId;
    event.name = heldName(node.name);
    event.status = failure === undefined ? undefined : 'error';
    event.startedTs = node.startedTs;
    event.durationMs = endedMs - node.startedMs;
    event.attributes = held;
    event.moreText = errorText;
    sendNext(flow);
    parent.lastMs = Math.max(parent.lastMs, endedMs);
  } catch {
    flow.context.misused('internal');
  }
}

/** Records the flow's end. The caller calls it once. */
export function recordFlowEnd(
  flow: RecordedFlow,
  status: FlowEndStatus,
  httpStatus: number | undefined,
  failure: Failure | undefined,
): void {
  try {
    prepare(flow);
    const { clock, attributes } = flow.context;
    const errorText = failure === undefined ? '' : attributes.encodeError(failure.error, '');
    const nowMs = clock.now();
    const event = nextEvent(flow, 'flow_end', flow.seq++, clock.epoch(nowMs));
    event.status = status;
    event.durationMs = nowMs - flow.startedMs;
    // Express 4 takes any value as a status, and nobody checks it once the headers are sent.
    const isStatus = Number.isInteger(httpStatus) && Number(httpStatus) >= 100 && Number(httpStatus) <= 999;
    event.moreText = isStatus ? `,"http_status":${httpStatus}${errorText}` : errorText;
    sendNext(flow);
    release(flow);
  } catch {
    flow.context.misused('internal');
  }
}

/** When a timed checkpoint began, between the flow's start and now. */
function startOf(flow: RecordedFlow, options: BeginOptions, nowMs: number): number {
  let startedAt: unknown;
  try {
    startedAt = (options as BeginOptions | null)?.startedAt;
    if (startedAt === undefined) return nowMs;
    if (types.isDate(startedAt)) startedAt = startedAt.getTime();
  } catch {
    // A getter of theirs threw.
    startedAt = NaN;
  }
  if (typeof startedAt !== 'number' || !Number.isFinite(startedAt)) {
    flow.context.misused('invalid_time');
    return nowMs;
  }
  const agoMs = flow.context.clock.epoch(nowMs) - startedAt;
  return Math.min(nowMs, Math.max(flow.startedMs, nowMs - agoMs));
}
