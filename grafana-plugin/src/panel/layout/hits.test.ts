import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { createFailures } from './failures';
import { createForest, NONE } from './forest';
import { hitFrom, rankOf } from './hits';

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
const failures = createFailures(forest.nodes);
failures.update();
const began = (index: number): boolean => failures.beganAt(index);

describe('hits in order', () => {
  it('follow each other forwards and backwards, and begin anew behind the last', () => {
    expect([NONE, 0, 3, 4, 6, 7].map((from) => hitFrom(forest, began, from, 1))).toEqual([3, 3, 6, 6, 3, 3]);
    expect([NONE, 0, 3, 4, 6, 7].map((from) => hitFrom(forest, began, from, -1))).toEqual([6, 6, 6, 3, 3, 6]);
  });

  it('have a rank, and what is none has not', () => {
    expect([3, 6, 0, NONE].map((index) => rankOf(forest, began, index))).toEqual([1, 2, 0, 0]);
  });

  it('are none when nothing failed', () => {
    const calm = createForest(createFlowNodes([node(0, null)]));
    calm.update();
    const none = createFailures(calm.nodes);
    expect([
      hitFrom(calm, (index) => none.beganAt(index), NONE, 1),
      hitFrom(calm, (index) => none.beganAt(index), 0, -1),
    ]).toEqual([NONE, NONE]);
  });
});
