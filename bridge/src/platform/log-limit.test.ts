import { createLogLimit } from './log-limit';

describe('createLogLimit', () => {
  it('lets each cause be told once a period, and then how often it was not', () => {
    let at = 0;
    const mayTell = createLogLimit(1_000, () => at);
    expect([mayTell('a'), mayTell('a'), mayTell('a'), mayTell('b')]).toEqual([0, undefined, undefined, 0]);
    at = 1_000;
    expect([mayTell('a'), mayTell('b'), mayTell('a')]).toEqual([2, 0, undefined]);
  });

  it('keeps its memory bounded', () => {
    const mayTell = createLogLimit(1_000, () => 0);
    for (let i = 0; i < 1_000; i++) mayTell(`cause ${i}`);
    expect(mayTell('cause 0')).toBeUndefined();
    mayTell('one more');
    expect(mayTell('cause 0')).toBe(0);
  });
});
