import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { createSlowLimits } from './slow-limits';
import { createSlowNodes } from './slow-nodes';

const limitsOf = (p95Ms: number) =>
  createSlowLimits({ byName: { llm: { count: 20, errors: 0, p50Ms: 1, p95Ms } } }, []);
const node = (id: number, durationMs: number | null): PanelNode => ({
  id: String(id),
  parentId: null,
  checkpoint: 'llm',
  status: durationMs === null ? 'running' : 'ok',
  startedTs: 0,
  endedTs: null,
  durationMs,
  error: null,
  attributes: {},
});

describe('the slow nodes of a flow', () => {
  it('are counted as nodes come, run on, end, and as limits change', () => {
    const nodes = createFlowNodes([node(1, 100), node(2, 300), node(3, null)]);
    const slow = createSlowNodes(nodes);
    const limits = limitsOf(200);
    slow.update(limits);
    expect([200, 201].map((nowTs) => slow.countAt(nowTs))).toEqual([1, 2]);
    nodes.put(node(3, 150));
    nodes.put(node(4, 900));
    slow.update(limits);
    expect(slow.countAt(10_000)).toBe(2);
    slow.update(limitsOf(50));
    expect(slow.countAt(10_000)).toBe(4);
  });

  it('look at no ended node again while limits and nodes stay', () => {
    const limits = limitsOf(200);
    const asked = jest.spyOn(limits, 'markOf');
    const slow = createSlowNodes(createFlowNodes([node(1, 300), node(2, 300), node(3, null)]));
    slow.update(limits);
    asked.mockClear();
    slow.update(limits);
    slow.countAt(500);
    expect(asked.mock.calls.map(([{ id }]) => id)).toEqual(['3']);
  });
});
