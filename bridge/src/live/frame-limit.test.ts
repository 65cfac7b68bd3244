import { createFrameLimit } from './frame-limit';

describe('the limit of frames', () => {
  let at = 0;
  const create = () => createFrameLimit(() => at);

  it('lets a client watch 128 users in one frame, again after a reconnect, and ping for ever', () => {
    const limit = create();
    expect([limit.onFrame(33_000), limit.onWatch(128)]).toEqual([true, true]);
    for (let i = 0; i < 1_000; i++) {
      at += 1_000;
      expect(limit.onFrame(20)).toBe(true);
    }
  });

  it('is passed by a client that changes what it watches without pause', () => {
    const limit = create();
    let rounds = 0;
    while (limit.onFrame(2_000) && limit.onWatch(128) && limit.onFrame(2_000)) rounds += 1;
    expect(rounds).toBe(3);
  });

  it('is passed by frames, and by bytes', () => {
    const [small, large] = [create(), create()];
    let frames = 0;
    while (small.onFrame(10)) frames += 1;
    expect(frames).toBeGreaterThan(450);
    expect(frames).toBeLessThan(513);
    frames = 0;
    while (large.onFrame(64 * 1024)) frames += 1;
    expect(frames).toBe(7);
  });
});
