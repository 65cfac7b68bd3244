import { createBoundedLabels } from './bounded-labels';

describe('createBoundedLabels', () => {
  it('gives the first names a label of their own, and all others one together', () => {
    const labelOf = createBoundedLabels(2);
    expect(['a', 'b', 'c', 'd', 'a', 'b'].map(labelOf)).toEqual(['a', 'b', 'other', 'other', 'a', 'b']);
  });

  it.each([
    ['CRLF and ANSI', 'a\r\n\u001b[31mb\u009b', 'a\ufffd\ufffd\ufffd[31mb\ufffd'],
    ['a turned direction', 'a\u202eb', 'a\ufffdb'],
    ['a lone surrogate', 'a\ud800', 'a\ufffd'],
    ['a long name', 'x'.repeat(255), 'x'.repeat(100)],
    ['a name cut within a surrogate pair', 'x'.repeat(99) + '😀', 'x'.repeat(99) + '\ufffd'],
    ['a name that a prototype has', '__proto__', '__proto__'],
  ])('cleans %s', (_what, name, label) => {
    expect(createBoundedLabels(10)(name)).toBe(label);
  });
});
