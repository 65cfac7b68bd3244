import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { failureFrom, firstFailures, isPassedOn } from './failures';
import { createForest, NONE } from './forest';

const node = (id: number, parentId: number | null, status: PanelNode['status'] = 'ok'): PanelNode => ({
  id: `${id}`,
  parentId: parentId === null ? null : `${parentId}`,
  checkpoint: 'step',
  status,
  startedTs: 1_000 + id,
  endedTs: 1_001 + id,
  durationMs: 1,
  error: null,
  attributes: {},
});

const forest = createForest(
  createFlowNodes([
    node(0, null, 'error'),
    node(1, 0, 'error'),
    node(2, 1),
    node(3, 1, 'error'),
    node(4, 0, 'aborted'),
    node(5, null),
    node(6, 5, 'error'),
    node(7, null),
  ]),
);
forest.update();

describe('first failures', () => {
  it('are the failed nodes none of whose children failed', () => {
    expect(firstFailures(forest)).toEqual([3, 6]);
    expect([0, 1, 2, 3, 4].filter((index) => isPassedOn(forest, index))).toEqual([0, 1]);
  });

  it('follow each other forwards and backwards, and begin anew behind the last', () => {
    expect([NONE, 0, 3, 4, 6, 7].map((from) => failureFrom(forest, from, 1))).toEqual([3, 3, 6, 6, 3, 3]);
    expect([NONE, 0, 3, 4, 6, 7].map((from) => failureFrom(forest, from, -1))).toEqual([6, 6, 6, 3, 3, 6]);
  });

  it('are none when nothing failed', () => {
    const calm = createForest(createFlowNodes([node(0, null)]));
    calm.update();
    expect([failureFrom(calm, NONE, 1), failureFrom(calm, 0, -1)]).toEqual([NONE, NONE]);
  });
});
