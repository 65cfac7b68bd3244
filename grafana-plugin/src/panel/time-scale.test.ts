import { createFlowNodes } from '../frames/flow-nodes';
import type { PanelFlow, PanelNode } from '../frames/panel-flow';
import { axisTicks, spanOf, timelineRange } from './time-scale';

const node = (changes: Partial<PanelNode>): PanelNode => ({
  id: '1',
  parentId: null,
  checkpoint: 'x',
  status: 'ok',
  startedTs: 1_100,
  endedTs: null,
  durationMs: 30,
  error: null,
  attributes: {},
  ...changes,
});
const flow = (nodes: PanelNode[], changes: Partial<PanelFlow> = {}): PanelFlow =>
  ({ startedTs: 1_000, durationMs: 500, status: 'ok', nodes: createFlowNodes(nodes), ...changes }) as PanelFlow;

describe('spanOf', () => {
  it('ends an instant checkpoint at its time and a timed one after its duration', () => {
    expect(spanOf(node({}), flow([]), 0)).toEqual({ fromMs: 70, toMs: 100 });
    expect(spanOf(node({ endedTs: 1_130 }), flow([]), 0)).toEqual({ fromMs: 100, toMs: 130 });
  });

  it('lets a running node last until now', () => {
    const running = node({ status: 'running', durationMs: null });
    expect(spanOf(running, flow([running]), 5_000)).toEqual({ fromMs: 100, toMs: 4_000 });
    expect(spanOf(running, flow([]), 0).toMs).toBe(100);
  });
});

describe('timelineRange', () => {
  it('holds every node and the flow itself', () => {
    expect(timelineRange(flow([node({ startedTs: 1_010 })]), 0)).toEqual({ fromMs: -20, toMs: 500 });
    expect(timelineRange(flow([], { status: 'running' }), 3_000)).toEqual({ fromMs: 0, toMs: 2_000 });
    expect(timelineRange(flow([], { durationMs: null }), 0)).toEqual({ fromMs: 0, toMs: 1 });
  });
});

describe('axisTicks', () => {
  it('are round and few', () => {
    expect(axisTicks(6_200, 8)).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000]);
    expect(axisTicks(0, 5)).toHaveLength(1);
    expect(axisTicks(1e9, 6).length).toBeLessThan(8);
  });
});
