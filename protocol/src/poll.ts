import { ParseError } from './errors';
import { asBoolean, asObject, asText, describe } from './fields';

/**
 * Media type of an answer to `GET /api/v1/live`: a JSON text sequence, whose records are the frames of a WebSocket, byte
 * for byte, after one that tells of the poll itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7464
 */
export const POLL_MEDIA_TYPE = 'application/json-seq';
/** Begins a record. No JSON holds it, so a frame that is none spoils no other. */
export const RECORD_SEPARATOR = '\x1e';
/** Ends a record. */
export const RECORD_END = '\n';

/** Bytes of a cursor. */
const CURSOR_BYTES = 255;

/** The first record of every answer to a poll. */
export interface PollFrame {
  type: 'poll';
  /** What the next poll gives as `after`. */
  cursor: string;
  /** The bridge does not know the cursor that it was given: frames may have been missed, and snapshots come instead. */
  reset: boolean;
}

/** An answer to a poll, taken apart. */
export interface PollAnswer {
  readonly cursor: string;
  readonly reset: boolean;
  /** Frames as text, to be parsed one by one. */
  readonly frames: readonly string[];
}

/**
 * Takes an answer to a poll apart.
 *
 * @throws {ParseError} when it is none, such as a page of a proxy
 */
export function parsePollAnswer(text: string): PollAnswer {
  const [before = '', head = '', ...rest] = text.split(RECORD_SEPARATOR);
  if (before !== '' || head === '') {
    throw new ParseError('invalid_json', `poll: expected a JSON text sequence, got ${describe(text.slice(0, 60))}`);
  }
  const fields = asObject(parseRecord(head), 'poll');
  if (fields['type'] !== 'poll') {
    throw new ParseError('unknown_type', `type: expected poll, got ${describe(fields['type'])}`);
  }
  return {
    cursor: asText(fields['cursor'], 'cursor', CURSOR_BYTES),
    reset: asBoolean(fields['reset'], 'reset'),
    frames: rest,
  };
}

function parseRecord(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ParseError('invalid_json', `poll: expected JSON, got ${describe(text)} (${String(cause)})`);
  }
}
