import { cleanId, jsonString } from './text';

/** Each unit of ASCII, and units beyond it; a lone surrogate is none of them. */
const UNITS = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).slice(1),
  'é',
  '\u2028',
  '日',
  '😀',
];
/** Around the length from which another test is used, and far beyond it. */
const LENGTHS = [0, 1, 62, 63, 64, 200];

describe('jsonString', () => {
  it.each(LENGTHS)('writes what JSON.stringify writes, at either end of %i plain characters', (length) => {
    const plain = 'x'.repeat(length);
    const texts = [plain, ...UNITS.flatMap((unit) => [unit + plain, plain + unit])];
    expect(texts.map(jsonString)).toEqual(texts.map((text) => JSON.stringify(text)));
  });

  it('removes NUL and replaces lone surrogates, which Postgres refuses', () => {
    expect(jsonString('a\0b\ud800c')).toBe('"ab\ufffdc"');
  });
});

describe('cleanId', () => {
  it('takes an id of up to 255 bytes as it is', () => {
    const ids = ['7', 'u'.repeat(64), 'u'.repeat(65), 'u'.repeat(255), 'é'.repeat(127), 'a "quoted" one'];
    expect(ids.map(cleanId)).toEqual(ids);
  });

  it('refuses an empty or longer one', () => {
    expect(['', '\0', 'u'.repeat(256), 'é'.repeat(128)].map(cleanId)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
