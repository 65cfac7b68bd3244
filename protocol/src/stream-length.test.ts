import { createStreamLength, STREAM_BYTES } from './stream-length';

const MIB = 1024 * 1024;

describe('createStreamLength', () => {
  it('allows as many entries as the bytes hold at their average size', () => {
    const lengthFor = createStreamLength(STREAM_BYTES.fallback);
    expect(lengthFor(4_096)).toBe(16_384);
    for (let i = 0; i < 500; i++) lengthFor(16_384);
    expect(lengthFor(16_384)).toBe(4_096);
  });

  it('does not follow a single large entry', () => {
    const lengthFor = createStreamLength(STREAM_BYTES.fallback);
    expect(lengthFor(4_096 * 21)).toBe(8_192);
    expect(lengthFor(4_096)).toBeGreaterThan(8_192);
  });

  it('stays between a thousand and a million entries', () => {
    expect(createStreamLength(MIB)(64 * MIB)).toBe(1_000);
    expect(createStreamLength(STREAM_BYTES.max)(1)).toBe(1_000_000);
  });
});
