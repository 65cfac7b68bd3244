import type { CheckpointEventStatus } from '@flow-tracking/protocol';
import { errorInfo } from '../errors';
import { createRedaction, type Redact } from './redact';
import { cached, jsonString } from './text';
import { encodeValue, keyText, numberText, THREW } from './value-text';

export interface AttributeLimits {
  /** UTF-8 bytes of one encoded event. */
  readonly eventBytes: number;
  /** Attributes of one event. */
  readonly attributes: number;
  /** UTF-8 bytes of one attribute's value. */
  readonly valueBytes: number;
}

type Status = Exclude<CheckpointEventStatus, 'running'> | undefined;
type Attributes = Readonly<Record<string, unknown>>;

/** Attributes as they go into an event's text. */
export class EncodedAttributes {
  /**
   * @param text `,"attributes":{…}`, or empty
   * @param status what an attribute `status` of `passed` or `failed` says
   */
  constructor(
    readonly text: string,
    readonly status: Status,
  ) {}
}

/** Attributes that wait for their encoding: a flat copy, or already text. */
export type HeldAttributes = Attributes | EncodedAttributes | undefined;

export type AttributeEncoder = ReturnType<typeof createAttributeEncoder>;

const NONE = new EncodedAttributes('', undefined);
const REFUSED = new EncodedAttributes(',"attributes":{"flow.redact_failed":true}', undefined);
/** Marks that something is missing: how many attributes did not fit. */
const DROPPED_COUNT = 'flow.attributes_dropped';
/** What an event takes beside its attributes: names, ids and an error of 1 KiB, all escaped. */
const OTHER_FIELDS_BYTES = 16 * 1024;

/** The limits of a copy: attributes, and characters in keys and values. What exceeds them is encoded at once. */
const MAX_COPIED = 16;
const MAX_COPIED_LENGTH = 512;
/** Most UTF-8 bytes of a copy: 6 for an escape such as `\u0001`; 32 for quotes, colon and comma, or a number. */
export const MAX_COPIED_BYTES = MAX_COPIED_LENGTH * 6 + MAX_COPIED * 32;

/** Saves 5 % of what recording takes (docs/benchmarks.md). Values have no such memory: many are unique, and the misses cost more. */
const keyWithColon = cached((key) => `${keyText(key)}:`);

const statusOf = (value: unknown): Status => (value === 'passed' ? 'ok' : value === 'failed' ? 'error' : undefined);

/** Whether a copy may wait: it is small and holds only texts, numbers and booleans. */
function mayWait(copy: Attributes, maxCount: number, maxLength: number): boolean {
  let count = 0;
  let length = 0;
  for (const key in copy) {
    const value = copy[key];
    count += 1;
    length += key.length;
    if (typeof value === 'string') {
      if (value.length > maxLength) return false;
      length += value.length;
    } else if (typeof value !== 'number' && typeof value !== 'boolean' && value !== undefined) return false;
    if (count > maxCount || length > MAX_COPIED_LENGTH) return false;
  }
  return true;
}

/** The text of a copy for which {@link mayWait} is true. */
function encodeCopy(copy: Attributes): EncodedAttributes {
  let text = '';
  for (const key of Object.keys(copy)) {
    const value = copy[key];
    if (value === undefined) continue;
    const encoded =
      typeof value === 'string'
        ? jsonString(value)
        : typeof value === 'number'
          ? numberText(value)
          : JSON.stringify(value);
    text += (text === '' ? ',"attributes":{' : ',') + keyWithColon(key) + encoded;
  }
  return text === '' ? NONE : new EncodedAttributes(`${text}}`, statusOf(copy['status']));
}

/** Turns what the application passes, whatever it is, into JSON text within the limits. What it returns never throws. */
export function createAttributeEncoder(limits: AttributeLimits, redact: Redact | undefined) {
  const { isRedacted, keep, message } = createRedaction(redact);
  // One attribute is kept free for the mark.
  const maxCount = limits.attributes - 1;
  const maxBytes = limits.eventBytes - OTHER_FIELDS_BYTES;
  const maxCopied = Math.min(MAX_COPIED, maxCount);
  // A character takes 3 bytes at most, so a text of this length is within the limit.
  const maxCopiedLength = Math.floor(limits.valueBytes / 3);

  /** Encodes values that are nested, long, strange or redacted. Throws only what a proxy's traps throw. */
  function encodeAny(attributes: Attributes): EncodedAttributes {
    const pairs: string[] = [];
    let bytes = 0;
    let dropped = 0;
    let status: Status;
    for (const key of Object.keys(attributes)) {
      // The rest is only counted, since there may be a million keys.
      const isFull = pairs.length >= maxCount;
      if (isFull && key !== 'status') {
        dropped += 1;
        continue;
      }
      let text: string | undefined;
      try {
        const value = attributes[key];
        if (key === 'status') status = statusOf(value);
        text = encodeValue(value, key, limits.valueBytes, isRedacted);
      } catch {
        text = THREW;
      }
      if (text === undefined) continue;
      const pair = keyWithColon(key) + text;
      const size = Buffer.byteLength(pair) + 1;
      if (isFull || bytes + size > maxBytes) dropped += 1;
      else {
        pairs.push(pair);
        bytes += size;
      }
    }
    if (dropped > 0) pairs.push(`"${DROPPED_COUNT}":${dropped}`);
    return pairs.length === 0 ? NONE : new EncodedAttributes(`,"attributes":{${pairs.join()}}`, status);
  }

  return {
    /**
     * Takes attributes as they are now: a few short plain values as a copy, everything else as text.
     *
     * @param name of the checkpoint or flow, for a `redact` function
     */
    hold(attributes: unknown, name: unknown): HeldAttributes {
      if (typeof attributes !== 'object' || attributes === null) return undefined;
      let kept: unknown = attributes;
      if (keep !== undefined) {
        try {
          kept = keep(attributes, name as string);
        } catch {
          return REFUSED;
        }
      }
      if (typeof kept !== 'object' || kept === null) return undefined;
      try {
        if (Array.isArray(kept)) return NONE;
        let copy: Attributes;
        try {
          copy = { ...kept };
        } catch {
          // A getter of theirs threw. The encoding marks it.
          return encodeAny(kept as Attributes);
        }
        return mayWait(copy, maxCopied, maxCopiedLength) ? copy : encodeAny(copy);
      } catch {
        return NONE;
      }
    },
    encode(held: HeldAttributes): EncodedAttributes {
      if (held === undefined) return NONE;
      if (held instanceof EncodedAttributes) return held;
      return isRedacted === undefined ? encodeCopy(held) : encodeAny(held);
    },
    /** `,"error":{…}` for anything that can be thrown. */
    encodeError(error: unknown, name: string): string {
      const info = errorInfo(error);
      return `,"error":{"type":${jsonString(info.type)},"message":${jsonString(message(info, name))}}`;
    },
  };
}
