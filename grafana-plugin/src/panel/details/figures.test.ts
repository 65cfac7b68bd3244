import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { createFlowNodes } from '../../frames/flow-nodes';
import { createForest } from '../layout/forest';
import { testNode } from '../layout/test-forest';
import { formatShare, placeIn, selfTimeMs, spanOf } from './figures';

const timed = (id: number, parentId: number | null, fromMs: number, toMs: number | null): PanelNode =>
  testNode(id, parentId, {
    startedTs: 1_000 + fromMs,
    endedTs: toMs === null ? null : 1_000 + toMs,
    durationMs: toMs === null ? null : toMs - fromMs,
    status: toMs === null ? 'running' : 'ok',
  });

function selfOf(nodes: readonly PanelNode[], nowMs = 0): number | null {
  const forest = createForest(createFlowNodes(nodes));
  forest.update();
  return selfTimeMs(forest, 0, 1_000 + nowMs);
}

const flowOf = (nodes: readonly PanelNode[], more: Partial<PanelFlow>): PanelFlow =>
  ({ startedTs: 1_000, status: 'ok', durationMs: 100, nodes: createFlowNodes(nodes), ...more }) as PanelFlow;

describe('selfTimeMs', () => {
  it('leaves out the time of children once, however they overlap', () => {
    expect(selfOf([timed(0, null, 0, 100), timed(1, 0, 10, 40), timed(2, 0, 30, 50), timed(3, 0, 80, 90)])).toBe(50);
    expect(selfOf([timed(0, null, 0, 100), timed(1, 0, 10, 90), timed(2, 0, 20, 30)])).toBe(20);
  });

  it('counts no child beyond its parent’s end, nor one before its begin', () => {
    expect(selfOf([timed(0, null, 0, 100), timed(1, 0, 50, 400)])).toBe(50);
    expect(selfOf([timed(0, null, 0, 100), timed(1, 0, 200, 400)])).toBe(100);
    expect(selfOf([timed(0, null, 50, 100), timed(1, 0, 0, 60)])).toBe(40);
  });

  it('goes on while it runs', () => {
    expect(selfOf([timed(0, null, 0, null), timed(1, 0, 10, 20)], 70)).toBe(60);
    expect(selfOf([timed(0, null, 0, null), timed(1, 0, 10, null)], 70)).toBe(10);
  });

  it('is the same as the duration, and so not said, without timed children', () => {
    expect(selfOf([timed(0, null, 0, 100)])).toBeNull();
    expect(selfOf([timed(0, null, 0, 100), testNode(1, 0, { durationMs: 30 })])).toBeNull();
    expect(selfOf([testNode(0, null)])).toBeNull();
  });
});

describe('placeIn', () => {
  it('tells where a node lies in its flow', () => {
    const nodes = [timed(0, null, 20, 60)];
    const flow = flowOf(nodes, {});
    expect(placeIn(spanOf(flow, 0), flow, nodes[0]!, 0)).toEqual({ from: 0.2, to: 0.6 });
  });

  it('takes what the flow has run so far while it runs', () => {
    const nodes = [timed(0, null, 20, null)];
    const flow = flowOf(nodes, { status: 'running', durationMs: null });
    const nowTs = 1_200;
    expect(placeIn(spanOf(flow, nowTs), flow, nodes[0]!, nowTs)).toEqual({ from: 0.1, to: 1 });
    expect(spanOf(flow, 900)).toEqual({ fromMs: 0, toMs: 1 });
  });
});

describe('formatShare', () => {
  it.each([
    [0, '0 %'],
    [0.001, 'under 1 %'],
    [0.344, '34 %'],
    [1.4, '100 %'],
    [NaN, '0 %'],
  ])('writes %d as %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});
