import { scrubbedTo } from './scrub-keys';

const range = { fromMs: -10, toMs: 990 };

describe('scrubbedTo', () => {
  it.each([
    ['ArrowRight', 100, 110],
    ['ArrowLeft', 100, 90],
    ['PageUp', 100, 200],
    ['PageDown', 50, -10],
    ['ArrowUp', 985, 990],
    ['Home', 100, -10],
    ['End', 100, 990],
  ])('moves by %s from %i to %i', (key, from, to) => {
    expect(scrubbedTo(key, from, range)).toBe(to);
  });

  it('leaves other keys alone', () => {
    expect(scrubbedTo('x', 100, range)).toBeNull();
  });
});
