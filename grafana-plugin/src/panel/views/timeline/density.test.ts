import { testNode } from '../../layout/test-forest';
import { densityOf } from './density';

const scale = { cellPx: 10, toPx: (ms: number) => ms / 10 };
const node = (id: number, fromMs: number, toMs: number, status: 'ok' | 'error' | 'running' = 'ok') =>
  testNode(id, null, { startedTs: 1_000 + fromMs, endedTs: 1_000 + toMs, durationMs: toMs - fromMs, status });

describe('the density of a group', () => {
  it('counts the nodes at each px, and those that failed', () => {
    const nodes = { list: [node(0, 0, 40), node(1, 20, 60, 'error'), node(2, 20, 20), node(3, 0, 99)] };
    const { all, failed, critical, most, fromPx, toPx } = densityOf(nodes, [0, 1, 2], 1_000, scale, 0, new Set([2, 3]));
    expect([...all]).toEqual([1, 1, 3, 2, 1, 1, 0, 0, 0, 0]);
    expect([...failed]).toEqual([0, 0, 1, 1, 1, 1, 0, 0, 0, 0]);
    expect([...critical]).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect([most, fromPx, toPx]).toEqual([3, 0, 6]);
  });

  it('goes on to now where one runs, and leaves out what is beyond the track', () => {
    const running = { ...node(0, 80, 0, 'running'), endedTs: null, durationMs: null };
    const nodes = { list: [running, node(1, -50, -10), node(2, 200, 300)] };
    const { all, toPx } = densityOf(nodes, [0, 1, 2], 1_000, scale, 2_000, new Set());
    expect([...all]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    expect(toPx).toBe(100);
  });
});
