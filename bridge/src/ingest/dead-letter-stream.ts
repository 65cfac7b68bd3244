import { EVENTS_FIELD, LIMITS, type RedisKeys } from '@flow-tracking/protocol';
import type { RedisClient } from '../platform/redis/client';

/** What history can't take, and why. */
export interface DeadLetter {
  /** A block of events as JSON text, or what came instead. */
  events: string;
  reason: string;
  /** Name of the stream that it came from. */
  stream: string;
  /** Bytes that the text had, if that is more than `events` has. */
  bytes?: number;
}

/** What became of a letter. */
export interface DeadLetterKept {
  /** Why Redis refused the letter, which is gone; undefined: it is kept. */
  refused: Error | undefined;
  /** Older letters that made room. */
  evicted: number;
}

/** The stream of dead letters, bounded by number and by bytes. */
export interface DeadLetters {
  /**
   * Keeps a letter, cut to a size that a regular event does not reach. The oldest ones make room.
   *
   * @throws when Redis can't be reached, or will take it later
   */
  add(letter: DeadLetter): Promise<DeadLetterKept>;
  /** Letters after this id, the oldest first; all from `-`. */
  list(afterId: string, count: number): Promise<{ id: string; events: string }[]>;
  remove(ids: readonly string[]): Promise<void>;
}

const MAX_LETTERS = 100_000;
/** A block of one regular event fits. */
const MAX_TEXT_BYTES = LIMITS.eventBytes + 1_024;
const MAX_REASON_CHARACTERS = 1_024;
/** What an entry takes beside its texts, about. */
const ENTRY_BYTES = 128;
/** Letters that make room in one call, so that a budget that was lowered does not hold Redis for long. */
const MAX_EVICTED = 2_000;

/** Answers of a Redis that takes the letter later: the events stay in their stream until then. */
const LATER =
  /\b(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MOVED|ASK|BUSY|NOREPLICAS|MISCONF|NOAUTH|UNBLOCKED)\b/;

/**
 * Adds a letter after it has made room for it. The size beside the stream is counted anew when it does not fit the
 * stream, as after an XDEL by hand. KEYS: stream, its size. ARGV: bytes allowed, letters allowed, fields and values.
 */
const ADD = `
local function size(fields)
  local sum = ${ENTRY_BYTES}
  for i = 1, #fields do sum = sum + #fields[i] end
  return sum
end
local most, letters = tonumber(table.remove(ARGV, 1)), tonumber(table.remove(ARGV, 1))
local added = size(ARGV)
local length = redis.call('XLEN', KEYS[1])
local known = redis.call('HMGET', KEYS[2], 'letters', 'bytes')
local bytes = tonumber(known[2] or 0)
if tonumber(known[1] or -1) ~= length then
  bytes = 0
  local from = '-'
  while true do
    local page = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', 100)
    for _, entry in ipairs(page) do
      bytes = bytes + size(entry[2])
      from = '(' .. entry[1]
    end
    if #page < 100 then break end
  end
end
local evicted = 0
while length > 0 and evicted < ${MAX_EVICTED} and (bytes + added > most or length >= letters) do
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  redis.call('XDEL', KEYS[1], oldest[1])
  bytes = bytes - size(oldest[2])
  length = length - 1
  evicted = evicted + 1
end
redis.call('XADD', KEYS[1], '*', unpack(ARGV))
redis.call('HSET', KEYS[2], 'letters', length + 1, 'bytes', bytes + added)
return evicted`;

/** The beginning of a text, of whole characters. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= MAX_TEXT_BYTES) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, MAX_TEXT_BYTES), { stream: true });
}

/** @param maxBytes of all letters together */
export function createDeadLetters(options: { commands: RedisClient; keys: RedisKeys; maxBytes: number }): DeadLetters {
  const { commands, keys, maxBytes } = options;
  return {
    async add({ events, reason, stream, bytes }) {
      const text = cut(events);
      const whole = bytes ?? Buffer.byteLength(events);
      const fields = { [EVENTS_FIELD]: text, reason: reason.slice(0, MAX_REASON_CHARACTERS), stream, at: Date.now() };
      // Says that the text is only the beginning, and of how many bytes.
      const mark = whole > Buffer.byteLength(text) ? ['cut_from_bytes', whole] : [];
      const values = [...Object.entries(fields).flat(), ...mark];
      try {
        const evicted = await commands.eval(ADD, 2, keys.dead, keys.deadSize, maxBytes, MAX_LETTERS, ...values);
        return { refused: undefined, evicted: Number(evicted) };
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ReplyError' || LATER.test(error.message)) throw error;
        return { refused: error, evicted: 0 };
      }
    },
    async list(afterId, count) {
      const entries = await commands.xrange(keys.dead, afterId === '-' ? '-' : `(${afterId}`, '+', 'COUNT', count);
      return entries.map(([id, fields]) => ({ id, events: fields[fields.indexOf(EVENTS_FIELD) + 1] ?? '' }));
    },
    async remove(ids) {
      if (ids.length > 0) await commands.xdel(keys.dead, ...ids);
    },
  };
}
