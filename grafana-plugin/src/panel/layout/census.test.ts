import { createFlowNodes } from '../../frames/flow-nodes';
import { createCensus } from './census';
import { testNode } from './test-forest';

describe('createCensus', () => {
  it('counts each node once, as it is now', () => {
    const nodes = createFlowNodes([testNode(0, null, { status: 'running' }), testNode(1, null)]);
    const census = createCensus(nodes);
    census.update();
    nodes.put(testNode(0, null, { checkpoint: 'other', status: 'error' }));
    nodes.put(testNode(2, null));
    census.update();
    expect([...census.checkpoints]).toEqual([
      ['step', 2],
      ['other', 1],
    ]);
    expect([...census.statuses].sort()).toEqual([
      ['error', 1],
      ['ok', 2],
    ]);
  });
});
