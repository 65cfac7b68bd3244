/**
 * Flow ids are ULIDs: 26 characters of Crockford base32, the first 10 of which are the flow's start in ms.
 *
 * @see https://github.com/ulid/spec
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const PART_LENGTH = 8;
const FLOW_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
/** 2^40, the number of values that 8 characters of base32 hold. */
const PART_RANGE = 2 ** 40;

/** True when `value` is a ULID in its canonical, upper-case form. */
export function isFlowId(value: unknown): value is string {
  return typeof value === 'string' && FLOW_ID.test(value);
}

/** Start of the flow in epoch ms, read from its id. The id must have passed {@link isFlowId}. */
export function flowIdTime(flowId: string): number {
  let time = 0;
  for (let i = 0; i < TIME_LENGTH; i++) time = time * 32 + ALPHABET.indexOf(flowId.charAt(i));
  return time;
}

/** The 8 characters by which {@link createFlowIds} tells one process from every other. */
export function flowIdProcess(flowId: string): string {
  return flowId.slice(TIME_LENGTH, TIME_LENGTH + PART_LENGTH);
}

function encode(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < length; i++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** What the flow ids of traces have in place of a process: none sends heartbeats by this name. */
export const TRACE_PROCESS = '00000TRC';

/** Whether the flow came as spans of OpenTelemetry. */
export const isTraceFlow = (flowId: string): boolean => flowIdProcess(flowId) === TRACE_PROCESS;
/** Hexadecimal digits that the last 8 characters hold. */
const TRACE_DIGITS = 10;

/**
 * A flow id for a trace.
 *
 * @param traceId hexadecimal
 */
export function traceFlowId(startMs: number, traceId: string): string {
  const own = encode(Number.parseInt(traceId.slice(-TRACE_DIGITS), 16), PART_LENGTH);
  return encode(Math.floor(startMs), TIME_LENGTH) + TRACE_PROCESS + own;
}

/** The last two characters come from a table; those before them are the same for so many values. */
const LAST_LENGTH = 2;
const LAST_RANGE = 2 ** 10;
const LAST_TEXTS = Array.from({ length: LAST_RANGE }, (_, value) => encode(value, LAST_LENGTH));

/** Like {@link encode}, of a value without its last two characters; cheap while that stays the same. */
function createHighText(length: number): (high: number) => string {
  let latest = -1;
  let text = '';
  return (high) => {
    if (high !== latest) {
      text = encode(high, length - LAST_LENGTH);
      latest = high;
    }
    return text;
  };
}

/**
 * Returns a generator of flow ids: time, then 8 characters that tell the instance, then 8 of a counter. The counter in
 * place of fresh randomness makes an id cost tens of nanoseconds and keeps ids of one ms in order.
 *
 * @param random uniform numbers in [0, 1), asked twice and only here
 */
export function createFlowIds(random: () => number = Math.random): (nowMs: number) => string {
  const instance = encode(Math.floor(random() * PART_RANGE), PART_LENGTH);
  const highTimeText = createHighText(TIME_LENGTH);
  const highCounterText = createHighText(PART_LENGTH);
  let counter = Math.floor((random() * PART_RANGE) / 2);
  let encodedMs = -1;
  let encodedHigh = -1;
  // All but the last characters, which is the same for many ids.
  let beginning = '';
  return (nowMs) => {
    const ms = Math.floor(nowMs);
    counter = (counter + 1) % PART_RANGE;
    const high = Math.floor(counter / LAST_RANGE);
    if (ms !== encodedMs || high !== encodedHigh) {
      const highMs = Math.floor(ms / LAST_RANGE);
      const timeText = highTimeText(highMs) + (LAST_TEXTS[ms - highMs * LAST_RANGE] ?? '');
      beginning = timeText + instance + highCounterText(high);
      encodedMs = ms;
      encodedHigh = high;
    }
    return beginning + (LAST_TEXTS[counter - high * LAST_RANGE] ?? '');
  };
}
