import { createBatchLimit } from './batch-limit';

describe('createBatchLimit', () => {
  it('halves what timed out, down to one event', () => {
    const limit = createBatchLimit();
    limit.timedOut(1_000);
    expect(limit.events).toBe(500);
    for (let i = 0; i < 20; i++) limit.timedOut(limit.events);
    expect(limit.events).toBe(1);
  });

  it('halves what was near the timeout, and leaves alone what is neither slow nor quick', () => {
    const limit = createBatchLimit();
    limit.took(1_000, 3_000);
    expect(limit.events).toBe(500);
    limit.took(500, 1_500);
    expect(limit.events).toBe(500);
  });

  it('grows after full batches that were quick, up to where it began', () => {
    const limit = createBatchLimit();
    limit.timedOut(500);
    limit.took(20, 5);
    expect(limit.events).toBe(250);
    for (let i = 0; i < 5; i++) limit.took(limit.events, 20);
    expect(limit.events).toBe(2_000);
  });
});
