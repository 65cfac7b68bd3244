import { createTimeScale } from './time-scale';

describe('a time scale', () => {
  it('leads from times to pixels and back', () => {
    const scale = createTimeScale({ fromMs: 100, toMs: 300 }, 400);
    expect([scale.toPx(100), scale.toPx(200), scale.toPx(0)]).toEqual([0, 200, -200]);
    expect([scale.toMs(0), scale.toMs(400)]).toEqual([100, 300]);
  });

  it('stays a number where the track has no width', () => {
    const scale = createTimeScale({ fromMs: 100, toMs: 300 }, 0);
    expect([scale.toPx(250), scale.toMs(5)]).toEqual([0, 100]);
  });
});
