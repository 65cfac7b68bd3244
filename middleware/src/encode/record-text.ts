import type { CheckpointEventStatus } from '@flow-tracking/protocol';
import type { IsRedacted } from './redact';
import { flat } from './text';
import { encodeValue, keyText, type ValueContext } from './value-text';

/** Room that the other fields of an event take beside its attributes: names, ids, an error of 1 KiB, all escaped. */
const OTHER_FIELDS_BYTES = 16 * 1024;
/** How many attributes did not fit; the mark that something is missing. */
const DROPPED_COUNT = 'flow.attributes_dropped';
/** Keys whose text is kept; keys made from data (a bug) must not fill the memory. */
const MAX_KEYS = 2000;

/** Attributes as they go into an event's text. */
export class EncodedAttributes {
  /**
   * @param text `,"attributes":{…}`, or empty
   * @param status what an attribute `status` of `passed` or `failed` says
   */
  constructor(
    readonly text: string,
    readonly status: Exclude<CheckpointEventStatus, 'running'> | undefined,
  ) {}
}

export interface AttributeLimits {
  /** UTF-8 bytes of one encoded event. */
  readonly eventBytes: number;
  /** Attributes of one event. */
  readonly attributes: number;
  /** UTF-8 bytes of one attribute's value. */
  readonly valueBytes: number;
}

/** What an attribute `status` says of its checkpoint. */
export const statusOf = (value: unknown): EncodedAttributes['status'] =>
  value === 'passed' ? 'ok' : value === 'failed' ? 'error' : undefined;

function statusIn(attributes: Readonly<Record<string, unknown>>): EncodedAttributes['status'] {
  try {
    return Object.hasOwn(attributes, 'status') ? statusOf(attributes['status']) : undefined;
  } catch {
    return undefined;
  }
}

const keyTexts = new Map<string, string>();

/** A key as JSON text with its colon. */
export function keyWithColon(key: string): string {
  let text = keyTexts.get(key);
  if (text === undefined) {
    text = flat(`${keyText(key)}:`);
    if (keyTexts.size < MAX_KEYS && key.length <= 255) keyTexts.set(key, text);
  }
  return text;
}

/** Collects `"key":value` pairs up to a number and a size. */
class Pairs {
  text = '';
  private count = 0;
  private dropped = 0;

  constructor(
    private readonly maxCount: number,
    private readonly maxBytes: number,
  ) {}

  get isFull(): boolean {
    return this.count >= this.maxCount;
  }

  drop(count = 1): void {
    this.dropped += count;
  }

  add(pair: string): void {
    if (this.isFull || !this.fits(pair)) {
      this.drop();
      return;
    }
    this.text += this.count === 0 ? pair : `,${pair}`;
    this.count += 1;
  }

  finish(): string {
    if (this.dropped > 0) this.text += `${this.count === 0 ? '' : ','}"${DROPPED_COUNT}":${this.dropped}`;
    return this.text === '' ? '' : `,"attributes":{${this.text}}`;
  }

  /** A character is 3 bytes at most, so the bytes are counted only when it may come to the limit. */
  private fits(pair: string): boolean {
    if ((this.text.length + pair.length) * 3 < this.maxBytes) return true;
    return Buffer.byteLength(this.text) + Buffer.byteLength(pair) < this.maxBytes;
  }
}

/**
 * Makes what turns any attributes into text within the limits: values that are nested, long, strange or redacted, one by one and
 * counted. It never throws but for a proxy's traps.
 */
export function createRecordEncoder(
  limits: AttributeLimits,
  isRedacted: IsRedacted | undefined,
): (attributes: Readonly<Record<string, unknown>>) => EncodedAttributes {
  const context: ValueContext = { maxBytes: limits.valueBytes, isRedacted };
  // One attribute is kept free for the mark.
  const maxCount = limits.attributes - 1;
  const maxBytes = limits.eventBytes - OTHER_FIELDS_BYTES;
  return (attributes) => {
    const pairs = new Pairs(maxCount, maxBytes);
    let status: EncodedAttributes['status'];
    const keys = Object.keys(attributes);
    for (const [i, key] of keys.entries()) {
      if (pairs.isFull) {
        // Whoever passes a million keys pays for no look at them.
        pairs.drop(keys.length - i);
        status ??= statusIn(attributes);
        break;
      }
      let text: string | undefined;
      try {
        const value = attributes[key];
        if (key === 'status') status = statusOf(value);
        text = encodeValue(value, key, context);
      } catch {
        text = '"[threw]"';
      }
      if (text !== undefined) pairs.add(keyWithColon(key) + text);
    }
    return new EncodedAttributes(pairs.finish(), status);
  };
}
