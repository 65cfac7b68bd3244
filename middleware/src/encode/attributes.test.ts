import { createAttributeEncoder, EncodedAttributes, type AttributeLimits } from './attributes';
import type { Redact } from './redact';

const LIMITS: AttributeLimits = { eventBytes: 65_536, attributes: 128, valueBytes: 16_384 };

const encode = (attributes: unknown, limits: Partial<AttributeLimits> = {}, redact?: Redact) => {
  const encoder = createAttributeEncoder({ ...LIMITS, ...limits }, redact);
  return encoder.encode(encoder.hold(attributes, 'llm'));
};

/** What the encoded attributes are for whoever parses the event. */
function decoded(attributes: unknown, redact?: Redact, limits: Partial<AttributeLimits> = {}): unknown {
  const { text } = encode(attributes, limits, redact);
  expect(text).not.toMatch(/\0|[\ud800-\udbff](?![\udc00-\udfff])/);
  return (JSON.parse(`{"type":"x"${text}}`) as { attributes?: unknown }).attributes;
}

const throwing = (): never => {
  throw new Error('no');
};

describe('the encoder of attributes', () => {
  it('keeps plain values as they are', () => {
    const plain = { a: 'text "quoted"\n', b: 1.5, c: -0, d: true, e: null, f: [1, ['x']], g: { h: { i: 'ü€😀' } } };
    expect(decoded(plain)).toEqual({ ...plain, c: 0 });
  });

  it.each<[string, unknown, unknown]>([
    ['undefined, functions and symbols', { a: undefined, b: throwing, c: Symbol('s'), d: [undefined] }, { d: [null] }],
    [
      'numbers that JSON lacks',
      { a: Number.NaN, b: -Infinity, c: 2n ** 70n },
      { a: 'NaN', b: '-Infinity', c: '1180591620717411303424' },
    ],
    [
      'a getter that throws',
      Object.defineProperty({ a: 1 }, 'b', { get: throwing, enumerable: true }),
      { a: 1, b: '[threw]' },
    ],
    [
      'a nested getter that throws',
      {
        a: {
          get b() {
            return throwing();
          },
          c: 1,
        },
      },
      { a: { b: '[threw]', c: 1 } },
    ],
    ['toJSON', { a: { toJSON: () => ({ b: 1n }) }, c: { toJSON: throwing } }, { a: { b: '1' }, c: '[threw]' }],
    ['dates', { a: new Date(0), b: new Date(Number.NaN) }, { a: '1970-01-01T00:00:00.000Z', b: 'Invalid Date' }],
    ['maps and sets', { a: new Map([[1, 'x']]), b: new Set(['y']) }, { a: { 1: 'x' }, b: ['y'] }],
    ['bytes', { a: Buffer.from('secret') }, { a: '[6 bytes]' }],
    ['errors', { a: new RangeError('far') }, { a: { type: 'RangeError', message: 'far' } }],
    ['NUL and lone surrogates', { 'k\0\ud800': 'v\0\udfff' }, { 'k\ufffd': 'v\ufffd' }],
    ['a revoked proxy', { a: revoked() }, { a: '[threw]' }],
    ['no record', 'text', undefined],
    ['an array', [1, 2], undefined],
  ])('takes %s', (_what, given, expected) => {
    expect(decoded(given)).toEqual(expected);
  });

  it('marks cycles, and what is too deep', () => {
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = cycle;
    expect(decoded({ cycle })).toEqual({ cycle: { name: 'a', self: '[circular]' } });
    let deep: unknown = 'bottom';
    for (let i = 0; i < 20_000; i++) deep = [deep];
    expect(JSON.stringify(decoded({ deep }))).toContain('[too deep]');
  });

  it('keeps the keys of a prototype apart from the prototype', () => {
    const given = JSON.parse('{"__proto__":{"polluted":1},"constructor":"x"}') as object;
    const kept = decoded(given) as Record<string, unknown>;
    expect(Object.keys(kept)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('writes valid JSON whatever an overridden method returns', () => {
    const date = Object.assign(new Date(0), { toISOString: () => '","x":"' });
    const bytes = Object.defineProperty(new Uint8Array(1), 'byteLength', { value: '"' });
    expect(decoded({ date, bytes })).toEqual({ date: '","x":"', bytes: '[" bytes]' });
  });

  it('says passed and failed as a status', () => {
    expect(['passed', 'failed', 'other'].map((status) => encode({ status }).status)).toEqual([
      'ok',
      'error',
      undefined,
    ]);
  });
});

describe('attributes that wait for their encoding', () => {
  const hold = (attributes: unknown, redact?: Redact) => createAttributeEncoder(LIMITS, redact).hold(attributes, 'llm');
  const sixteen = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, i]));

  it.each<[string, unknown]>([
    ['few short plain values', { a: 'x', b: 1, c: true, d: undefined, e: Number.NaN }],
    ['sixteen of them', sixteen],
  ])('are a copy of %s', (_what, given) => {
    const held = hold(given);
    expect(held).toEqual(given);
    expect(held).not.toBe(given);
  });

  it.each<[string, unknown]>([
    ['nested', { a: { b: 1 } }],
    ['null', { a: null }],
    ['more than sixteen', { ...sixteen, k16: 16 }],
    ['long', { a: 'x'.repeat(600) }],
    ['bigint', { a: 1n }],
    [
      'a getter that throws',
      {
        get a() {
          return throwing();
        },
      },
    ],
  ])('are text at once when they are %s', (_what, given) => {
    expect(hold(given)).toBeInstanceOf(EncodedAttributes);
  });

  it('are as they were when they were given, whatever becomes of them', () => {
    const encoder = createAttributeEncoder(LIMITS, undefined);
    const given = { a: 1, nested: { b: 1 } };
    const flat = { a: 1 };
    const held = [encoder.hold(given, 'llm'), encoder.hold(flat, 'llm')];
    given.nested.b = 2;
    flat.a = 2;
    expect(held.map((one) => encoder.encode(one).text)).toEqual([
      ',"attributes":{"a":1,"nested":{"b":1}}',
      ',"attributes":{"a":1}',
    ]);
  });

  it('are redacted by a function at once, and by paths before they are text', () => {
    expect(hold({ a: 'secret' }, () => ({ a: 'x' }))).toEqual({ a: 'x' });
    expect(decoded({ a: 'secret', b: 1 }, ['a'])).toEqual({ a: '[redacted]', b: 1 });
  });
});

describe('the limits of attributes', () => {
  const bytesOf = (attributes: unknown, limits: Partial<AttributeLimits> = {}): number =>
    Buffer.byteLength(encode(attributes, limits).text);

  it('cut a long text at a whole character, and say so', () => {
    expect(decoded({ text: '😀'.repeat(100) }, undefined, { valueBytes: 64 })).toEqual({
      text: `${'😀'.repeat(16)}… [cut: 200 characters]`,
    });
    expect(decoded({ text: 'x'.repeat(65) }, undefined, { valueBytes: 64 })).toEqual({
      text: `${'x'.repeat(64)}… [cut: 65 characters]`,
    });
  });

  it('hold for texts of a megabyte, of every kind', () => {
    for (const unit of ['x', '€', '😀', '"', '\u0001', '\ud800']) {
      expect(bytesOf({ text: unit.repeat(1_000_000) })).toBeLessThan(LIMITS.eventBytes);
      decoded({ text: unit.repeat(1_000_000) });
    }
  });

  it('cut a large collection of texts that are no ASCII, instead of dropping it', () => {
    const kept = decoded({ list: Array.from({ length: 1000 }, () => '€'.repeat(100)) }) as { list: string[] };
    expect(kept.list.at(-1)).toBe('… [cut]');
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(LIMITS.valueBytes + 1000);
  });

  it('drop what is too much, count it, and leave the rest', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]));
    const kept = decoded(many) as Record<string, unknown>;
    expect(Object.keys(kept)).toHaveLength(128);
    expect(kept['flow.attributes_dropped']).toBe(73);
    const large = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, 'x'.repeat(16_000)]));
    expect(bytesOf(large)).toBeLessThan(LIMITS.eventBytes);
    expect(decoded(large)).toMatchObject({ 'flow.attributes_dropped': 7 });
  });

  it('encode nothing of what is dropped for its number', () => {
    let reads = 0;
    const value = { toJSON: () => (reads += 1) };
    decoded(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, value])));
    expect(reads).toBe(127);
  });
});

describe('the work of encoding', () => {
  const size = 1_000_000;
  const collections: [string, typeof Symbol.iterator | 'keys', () => Iterable<unknown>][] = [
    ['Map', 'keys', () => new Map(Array.from({ length: size }, (_, i) => [`key${i}`, i]))],
    ['Map of nothing', 'keys', () => new Map(Array.from({ length: size }, (_, i) => [i, undefined]))],
    ['Set', Symbol.iterator, () => new Set(Array.from({ length: size }, (_, i) => i))],
    ['list', Symbol.iterator, () => Array.from({ length: size }, () => undefined)],
  ];

  it.each(collections)('is bounded for a %s, however large it is', (_name, method, make) => {
    const value = make();
    let reads = 0;
    const read = Reflect.get(value, method) as () => Iterable<unknown>;
    Object.defineProperty(value, method, {
      value: function* () {
        for (const item of read.call(value)) {
          reads += 1;
          yield item;
        }
      },
    });
    for (const attributes of [{ value }, { list: [value] }]) {
      reads = 0;
      const { text } = encode(attributes);
      expect(reads).toBeGreaterThan(1_000);
      expect(reads).toBeLessThan(LIMITS.valueBytes);
      expect(text).toMatch(/cut\]/);
      expect(Buffer.byteLength(text)).toBeLessThan(20_000);
    }
  });

  it('does not make the digits of a bigint that has too many', () => {
    const value = 1n << 8_000_000n;
    const fastestMs = (work: () => unknown): number =>
      Math.min(
        ...Array.from({ length: 3 }, () => {
          const startedMs = performance.now();
          work();
          return performance.now() - startedMs;
        }),
      );
    expect(encode({ value }).text).toMatch(/too large\]/);
    expect(fastestMs(() => encode({ value }))).toBeLessThan(fastestMs(() => String(value)) / 10);
  });
});

describe('redaction', () => {
  it('replaces the values at key paths, in records, lists and errors', () => {
    const given = {
      prompt: 'secret',
      user: { email: 'secret', id: 1 },
      messages: [{ content: 'secret', role: 'user' }],
      error: new Error('secret'),
    };
    const paths = ['prompt', 'user.email', 'messages.*.content', 'error.message'];
    expect(decoded(given, paths)).toEqual({
      prompt: '[redacted]',
      user: { email: '[redacted]', id: 1 },
      messages: [{ content: '[redacted]', role: 'user' }],
      error: { type: 'Error', message: '[redacted]' },
    });
  });

  it('keeps what a function returns, and nothing when it throws', () => {
    expect(decoded({ a: 1, b: 2 }, ({ a }) => ({ a: a as number }))).toEqual({ a: 1 });
    expect(decoded({ a: 1 }, throwing)).toEqual({ 'flow.redact_failed': true });
  });

  it.each<[string, Redact]>([
    ['a path', ['error.message']],
    ['a function that leaves it out', () => ({})],
    ['a function that throws', throwing],
  ])('hides the message of what was thrown by %s', (_what, redact) => {
    const text = createAttributeEncoder(LIMITS, redact).encodeError(new TypeError('secret'), 'llm');
    expect(text).toBe(',"error":{"type":"TypeError","message":"[redacted]"}');
  });
});

describe('the error of anything that can be thrown', () => {
  it.each<[unknown, string, string]>([
    [new TypeError('no'), 'TypeError', 'no'],
    [Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'ECONNRESET', 'reset'],
    ['text', 'Error', 'text'],
    [undefined, 'Error', ''],
    [Object.defineProperty({}, 'message', { get: throwing }), 'Object', ''],
    [Object.create(null), 'Error', ''],
    [new Error('\0"\ud800'), 'Error', '"\ufffd'],
  ])('of %p has a type and a message', (thrown, type, message) => {
    const text = createAttributeEncoder(LIMITS, undefined).encodeError(thrown, 'llm');
    expect(JSON.parse(`{"x":1${text}}`)).toEqual({ x: 1, error: { type, message } });
  });
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
