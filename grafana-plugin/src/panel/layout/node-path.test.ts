import { createFlowNodes } from '../../frames/flow-nodes';
import { createForest } from './forest';
import { namesTo } from './node-path';
import { testNode } from './test-forest';

describe('the path to a node', () => {
  const nodes = [0, 1, 2, 3].map((id) => testNode(id, id === 0 ? null : id - 1, { checkpoint: `c${id}` }));
  const forest = createForest(createFlowNodes(nodes));
  forest.update();

  it('names the nodes from the root down', () => {
    expect(namesTo(forest, 0, 3)).toEqual(['c0']);
    expect(namesTo(forest, 2, 3)).toEqual(['c0', 'c1', 'c2']);
  });

  it('leaves out the first ones of a long path', () => {
    expect(namesTo(forest, 3, 2)).toEqual(['…', 'c2', 'c3']);
  });
});
