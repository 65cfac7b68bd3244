import { LIMITS, type CheckpointEventStatus } from '@flow-tracking/protocol';
import { MAX_COPIED_BYTES, type AttributeEncoder, type HeldAttributes } from './attributes';
import { EncodedAttributes } from './record-text';
import { cleanText, createNameText, cutToBytes, flat } from './text';

/*
 * Events as JSON text, each with a comma before it, put together from pieces and tables: with the quick way of attributes.ts
 * that is worth 15 µs of a request on Node 24 against `JSON.stringify`. The shapes are those of the protocol's events, ordered so
 * that what repeats stands together; the tests parse what comes out with its parser.
 */

/** A text that follows from a number, from a table for 0 and up to `count` of them. */
function tableOf(count: number, make: (n: number) => string): (n: number) => string {
  const texts = Array.from({ length: count }, (_, n) => flat(make(n)));
  return (n) => texts[n] ?? make(n);
}

const fractionText = tableOf(1000, (micros) => (micros === 0 ? '' : `.${String(micros).padStart(3, '0')}`));
const shortText = tableOf(1000, (micros) => `,"duration_ms":${micros / 1000}`);
const wholeText = tableOf(1000, (ms) => `,"duration_ms":${ms}`);

/** What is recorded within one ms shares the text of it. */
function createTimeText(key: string): (epochMs: number) => string {
  let latestMs = -1;
  let latestText = '';
  return (epochMs) => {
    const micros = Math.round(epochMs * 1000);
    const whole = Math.floor(micros / 1000);
    if (whole !== latestMs) {
      latestMs = whole;
      latestText = flat(`,"${key}":${whole}`);
    }
    return latestText + fractionText(micros - whole * 1000);
  };
}

/** `,"ts":…` of epoch ms. */
export const tsText = createTimeText('ts');
/** `,"started_ts":…` of epoch ms. */
export const startedTsText = createTimeText('started_ts');

/** `,"duration_ms":…`. @param durationMs 0 and above */
export function durationText(durationMs: number): string {
  const micros = Math.round(durationMs * 1000);
  if (micros < 1000) return shortText(micros);
  const whole = Math.floor(micros / 1000);
  return wholeText(whole) + fractionText(micros - whole * 1000);
}

/**
 * An event that is no text yet, with what is known when it is recorded. Fields that its type has no use for may hold anything.
 */
export interface PendingEvent {
  type: 'flow_start' | 'flow_identified' | 'checkpoint' | 'checkpoint_end' | 'flow_end';
  /** {@link flowText} of its flow. */
  flowText: string;
  seq: number;
  /** Epoch ms. */
  ts: number;
  nodeId: number;
  parentId: number | null;
  /** As the application gave it, but no longer than {@link heldName} makes it. */
  name: unknown;
  /** Undefined: what the attributes say, else `ok`. */
  status: string | undefined;
  /** Epoch ms of a timed checkpoint's begin. */
  startedTs: number;
  /** Ms; NaN: it has none. */
  durationMs: number;
  attributes: HeldAttributes;
  /** Further fields as JSON text, each with a comma before it. */
  moreText: string;
}

export const createPendingEvent = (): PendingEvent => ({
  type: 'checkpoint',
  flowText: '',
  seq: 0,
  ts: 0.5,
  nodeId: 0,
  parentId: null,
  name: undefined,
  status: undefined,
  startedTs: 0.5,
  durationMs: NaN,
  attributes: undefined,
  moreText: '',
});

/** Of what is copied and of a name, escaped, and of the fields that every event has. */
const FIXED_BYTES = MAX_COPIED_BYTES + LIMITS.nameBytes * 6 + 512;

/** UTF-8 bytes that the event's text comes to at most. */
export function maxBytesOf({ attributes, moreText }: PendingEvent): number {
  const encoded = attributes instanceof EncodedAttributes ? attributes.text.length : 0;
  return FIXED_BYTES + (encoded + moreText.length) * 3;
}

/** `,{"flow_id":"…"`, with which all events of a flow begin. */
export const flowText = (flowId: string): string => flat(`,{"flow_id":"${flowId}"`);

/** A name that may wait: a longer one would be cut in any case. */
export const heldName = (name: unknown): unknown =>
  typeof name === 'string' && name.length > LIMITS.nameBytes ? cutToBytes(cleanText(name), LIMITS.nameBytes) : name;

const placeText = (nodeId: number, parentId: number | null): string => `,"node_id":${nodeId},"parent_id":${parentId}`;
const checkpointText = (seq: number, parentId: number | null): string =>
  `,"type":"checkpoint","seq":${seq}${placeText(seq, parentId)}`;

/** Most flows have no more events than this. */
const EVENTS = 64;
const topPlaceText = tableOf(EVENTS, (nodeId) => placeText(nodeId, null));
const topCheckpointText = tableOf(EVENTS, (seq) => checkpointText(seq, null));
const checkpointEndText = tableOf(EVENTS, (seq) => `,"type":"checkpoint_end","seq":${seq}`);
const flowEndText = tableOf(EVENTS, (seq) => `,"type":"flow_end","seq":${seq}`);

/** `,"http_status":…`. */
export const httpStatusText = tableOf(1000, (status) => `,"http_status":${status}`);

/** By status, a function from a checkpoint's name to the text of both. */
function createCheckpointNames(): Readonly<Record<CheckpointEventStatus, (name: unknown) => string>> {
  const withStatus = (status: CheckpointEventStatus): ((name: unknown) => string) =>
    createNameText('unnamed', (name) => flat(`,"checkpoint":${name},"status":"${status}"`));
  return { running: withStatus('running'), ok: withStatus('ok'), error: withStatus('error') };
}

/** Makes what turns events into text; it throws nothing. */
export function createEventEncoder({ encode }: Pick<AttributeEncoder, 'encode'>): (event: PendingEvent) => string {
  const names = createCheckpointNames();
  return (event) => {
    const { type, seq, nodeId, parentId, durationMs, moreText } = event;
    const beginning = event.flowText;
    const ts = tsText(event.ts);
    if (type === 'checkpoint' || type === 'checkpoint_end') {
      const attributes = encode(event.attributes);
      const status = (event.status ?? attributes.status ?? 'ok') as CheckpointEventStatus;
      const name = names[status](event.name);
      const duration = Number.isNaN(durationMs) ? '' : durationText(durationMs);
      if (type === 'checkpoint') {
        const place = parentId === null ? topCheckpointText(seq) : checkpointText(seq, parentId);
        return `${beginning}${place}${name}${ts}${duration}${attributes.text}}`;
      }
      const place = parentId === null ? topPlaceText(nodeId) : placeText(nodeId, parentId);
      const started = startedTsText(event.startedTs);
      return `${beginning}${checkpointEndText(seq)}${place}${started}${name}${ts}${duration}${attributes.text}${moreText}}`;
    }
    if (type === 'flow_end') {
      const status = event.status ?? 'ok';
      return `${beginning}${flowEndText(seq)},"status":"${status}"${ts}${durationText(durationMs)}${moreText}}`;
    }
    return `${beginning},"type":"${type}","seq":${seq}${ts}${moreText}}`;
  };
}
