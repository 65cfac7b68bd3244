import { errorInfo } from '../errors';
import { createRecordEncoder, EncodedAttributes, keyWithColon, statusOf, type AttributeLimits } from './record-text';
import { createRedaction, type Redact } from './redact';
import { flat, isShortAndPlain, jsonString } from './text';

/** Attributes as they wait for their encoding: a flat copy, or text already. */
export type HeldAttributes = Readonly<Record<string, unknown>> | EncodedAttributes | undefined;

export interface AttributeEncoder {
  /**
   * Takes attributes as they are now: a few short plain values by a copy, everything else as text.
   *
   * @param name of the checkpoint or flow, for a `redact` function
   */
  hold(attributes: unknown, name: unknown): HeldAttributes;
  encode(held: HeldAttributes): EncodedAttributes;
  /** `,"error":{…}` of anything that can be thrown. */
  encodeError(error: unknown, name: string): string;
}

const NONE = new EncodedAttributes('', undefined);
const REFUSED = new EncodedAttributes(',"attributes":{"flow.redact_failed":true}', undefined);

/** Copies have at most so many attributes, and so many characters in keys and values; the rest is encoded at once. */
const MAX_COPIED = 16;
const MAX_COPIED_LENGTH = 512;
/** Bytes of an attribute in JSON beside its key and text: quotes, colon and comma, or a number's digits. */
const ATTRIBUTE_BYTES = 32;
/** What an escape such as `\u0001` has. */
const ESCAPED_BYTES = 6;
/** UTF-8 bytes that a copy comes to at most, whatever it holds. */
export const MAX_COPIED_BYTES = MAX_COPIED_LENGTH * ESCAPED_BYTES + MAX_COPIED * ATTRIBUTE_BYTES;
const MAX_SHORT_TEXTS = 1000;

/** Texts of strings that came before: many attributes have few different values. */
const shortTexts = new Map<string, string>();

function shortText(value: string): string | undefined {
  const known = shortTexts.get(value);
  if (known !== undefined || !isShortAndPlain(value)) return known;
  const text = flat(`"${value}"`);
  if (shortTexts.size < MAX_SHORT_TEXTS) shortTexts.set(value, text);
  return text;
}

/** Of what a copy has; undefined: it takes the careful way. */
function quickText(value: unknown): string | undefined {
  if (typeof value === 'string') return shortText(value) ?? jsonString(value);
  return typeof value === 'boolean' || Number.isFinite(value) ? String(value) : undefined;
}

/** Turns what the application passes, whatever it is, into JSON text within the limits. Its functions never throw. */
export function createAttributeEncoder(limits: AttributeLimits, redact: Redact | undefined): AttributeEncoder {
  const redaction = createRedaction(redact);
  const encodeRecord = createRecordEncoder(limits, redaction.isRedacted);
  // A character is 3 bytes at most, so text this short is within the limit.
  const copiedLength = Math.floor(limits.valueBytes / 3);
  const maxCopied = Math.min(MAX_COPIED, limits.attributes - 1);

  /** Whether a copy may wait: little, and nothing but texts, numbers and booleans. */
  function isCopied(copy: Record<string, unknown>): boolean {
    let count = 0;
    let length = 0;
    for (const key in copy) {
      const value = copy[key];
      count += 1;
      length += key.length;
      if (typeof value === 'string') {
        if (value.length > copiedLength) return false;
        length += value.length;
      } else if (typeof value !== 'number' && typeof value !== 'boolean' && value !== undefined) return false;
      if (count > maxCopied || length > MAX_COPIED_LENGTH) return false;
    }
    return true;
  }

  function encodeQuickly(copy: Readonly<Record<string, unknown>>): EncodedAttributes | undefined {
    let text = '';
    for (const key of Object.keys(copy)) {
      const value = copy[key];
      if (value === undefined) continue;
      const encoded = quickText(value);
      if (encoded === undefined) return undefined;
      text += (text === '' ? ',"attributes":{' : ',') + keyWithColon(key) + encoded;
    }
    return text === '' ? NONE : new EncodedAttributes(`${text}}`, statusOf(copy['status']));
  }

  function holdRecord(attributes: object): HeldAttributes {
    if (Array.isArray(attributes)) return NONE;
    let copy: Record<string, unknown>;
    try {
      copy = { ...attributes };
    } catch {
      // A getter of theirs threw, and will be marked.
      return encodeRecord(attributes as Record<string, unknown>);
    }
    return isCopied(copy) ? copy : encodeRecord(copy);
  }

  return {
    hold(attributes, name) {
      if (typeof attributes !== 'object' || attributes === null) return undefined;
      let kept: unknown = attributes;
      if (redaction.keep !== undefined) {
        try {
          kept = redaction.keep(attributes, name as string);
        } catch {
          return REFUSED;
        }
      }
      try {
        return typeof kept === 'object' && kept !== null ? holdRecord(kept) : undefined;
      } catch {
        return NONE;
      }
    },
    encode(held) {
      if (held === undefined) return NONE;
      if (held instanceof EncodedAttributes) return held;
      return (redaction.isRedacted === undefined ? encodeQuickly(held) : undefined) ?? encodeRecord(held);
    },
    encodeError(error, name) {
      const info = errorInfo(error);
      return `,"error":{"type":${jsonString(info.type)},"message":${jsonString(redaction.message(info, name))}}`;
    },
  };
}
