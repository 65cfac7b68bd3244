import type { CheckpointEventStatus } from '@flow-tracking/protocol';
import { errorInfo } from './error-info';
import { createRedaction, type Redact } from './redact';
import { isShortAndPlain, jsonString } from './text';
import { encodeValue, keyText, type ValueContext } from './value-text';

/** Room that the other fields of an event take beside its attributes: names, ids, an error of 1 KiB, all escaped. */
const OTHER_FIELDS_BYTES = 16 * 1024;
/** How many attributes did not fit; the mark that something is missing. */
const DROPPED_COUNT = 'flow.attributes_dropped';

/** Attributes as they go into an event's text. */
export interface EncodedAttributes {
  /** `,"attributes":{…}`, or empty. */
  readonly text: string;
  /** What an attribute `status` of `passed` or `failed` says. */
  readonly status: Exclude<CheckpointEventStatus, 'running'> | undefined;
}

export interface AttributeLimits {
  /** UTF-8 bytes of one encoded event. */
  readonly eventBytes: number;
  /** Attributes of one event. */
  readonly attributes: number;
  /** UTF-8 bytes of one attribute's value. */
  readonly valueBytes: number;
}

export interface AttributeEncoder {
  /** @param name of the checkpoint or flow, for a `redact` function */
  encode(attributes: unknown, name: string): EncodedAttributes;
  /** `,"error":{…}` of anything that can be thrown. */
  encodeError(error: unknown, name: string): string;
}

const NONE: EncodedAttributes = { text: '', status: undefined };
const REFUSED: EncodedAttributes = { text: ',"attributes":{"flow.redact_failed":true}', status: undefined };

const statusOf = (value: unknown): EncodedAttributes['status'] =>
  value === 'passed' ? 'ok' : value === 'failed' ? 'error' : undefined;

function statusIn(attributes: Record<string, unknown>): EncodedAttributes['status'] {
  try {
    return Object.hasOwn(attributes, 'status') ? statusOf(attributes['status']) : undefined;
  } catch {
    return undefined;
  }
}

/** More attributes than this take the careful way. */
const MAX_QUICK = 16;
const MAX_KEYS = 2000;
const MAX_SHORT_TEXTS = 1000;

/** Texts of strings that came before: many attributes have few different values. */
const shortTexts = new Map<string, string>();

function shortText(value: string): string | undefined {
  const known = shortTexts.get(value);
  if (known !== undefined || !isShortAndPlain(value)) return known;
  const text = `"${value}"`;
  if (shortTexts.size < MAX_SHORT_TEXTS) shortTexts.set(value, text);
  return text;
}

/** Plain short values are encoded here; everything else takes the careful way. */
function quickText(value: unknown, maxLength: number): string | undefined {
  if (typeof value === 'string') {
    return shortText(value) ?? (value.length <= maxLength ? jsonString(value) : undefined);
  }
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  return undefined;
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

/** Turns what the application passes, whatever it is, into JSON text within the limits. Its functions never throw. */
export function createAttributeEncoder(limits: AttributeLimits, redact: Redact | undefined): AttributeEncoder {
  const redaction = createRedaction(redact);
  const context: ValueContext = { maxBytes: limits.valueBytes, isRedacted: redaction.isRedacted };
  // A character is 3 bytes at most, so text this short is within the limit.
  const quickLength = Math.min(256, Math.floor(limits.valueBytes / 3));
  // One attribute is kept free for the mark.
  const maxCount = limits.attributes - 1;
  const maxBytes = limits.eventBytes - OTHER_FIELDS_BYTES;
  const keyTexts = new Map<string, string>();

  /** The key with its colon. */
  function keyWithColon(key: string): string {
    let text = keyTexts.get(key);
    if (text === undefined) {
      text = `${keyText(key)}:`;
      if (keyTexts.size < MAX_KEYS && key.length <= 255) keyTexts.set(key, text);
    }
    return text;
  }

  function encodeRecord(attributes: Record<string, unknown>): EncodedAttributes {
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
    return { text: pairs.finish(), status };
  }

  /** Most records are a few short values and need no counting; undefined: this one is not of that kind. */
  function encodeQuickly(attributes: Record<string, unknown>): EncodedAttributes | undefined {
    const keys = Object.keys(attributes);
    if (keys.length > Math.min(MAX_QUICK, maxCount)) return undefined;
    let text = '';
    let status: EncodedAttributes['status'];
    try {
      for (const key of keys) {
        const value = attributes[key];
        const encoded = quickText(value, quickLength);
        if (encoded === undefined || key.length > quickLength) return undefined;
        if (key === 'status') status = statusOf(value);
        text += (text === '' ? ',"attributes":{' : ',') + keyWithColon(key) + encoded;
      }
    } catch {
      // A getter of theirs threw, and will be marked.
      return undefined;
    }
    return text === '' ? NONE : { text: `${text}}`, status };
  }

  return {
    encode(attributes, name) {
      if (typeof attributes !== 'object' || attributes === null) return NONE;
      let kept: unknown = attributes;
      if (redaction.keep !== undefined) {
        try {
          kept = redaction.keep(attributes, name);
        } catch {
          return REFUSED;
        }
      }
      try {
        if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return NONE;
        const record = kept as Record<string, unknown>;
        return (redaction.isRedacted === undefined ? encodeQuickly(record) : undefined) ?? encodeRecord(record);
      } catch {
        return NONE;
      }
    },
    encodeError(error, name) {
      const info = errorInfo(error);
      return `,"error":{"type":${jsonString(info.type)},"message":${jsonString(redaction.message(info, name))}}`;
    },
  };
}
