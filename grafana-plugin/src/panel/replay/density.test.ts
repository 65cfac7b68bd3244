import { testFlow, testNode } from '../layout/test-forest';
import { densityOf } from './density';

const flow = testFlow(
  [
    testNode(0, null, { checkpoint: 'llm', startedTs: 1_000, endedTs: 1_100, durationMs: 100 }),
    testNode(1, 0, { checkpoint: 'tool', startedTs: 1_020, endedTs: 1_045, durationMs: 25, status: 'error' }),
    testNode(2, 0, { checkpoint: 'tool', startedTs: 1_030, durationMs: 5 }),
  ],
  { startedTs: 1_000, durationMs: 100 },
);

const density = densityOf({
  flow,
  fromMs: 0,
  toMs: 100,
  parts: 10,
  colorOf: (checkpoint) => checkpoint,
  beganAt: (index) => index === 1,
});

describe('densityOf', () => {
  it('counts what ran in each part, by hue', () => {
    expect([...(density.bands.get('llm') ?? [])]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect([...(density.bands.get('tool') ?? [])]).toEqual([0, 0, 2, 2, 1, 0, 0, 0, 0, 0]);
    expect(density.most).toBe(3);
  });

  it('marks where a failure began', () => {
    expect([...density.failed]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  });
});
