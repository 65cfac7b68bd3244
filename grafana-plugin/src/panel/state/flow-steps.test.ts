import type { PanelFlow } from '../../frames/panel-flow';
import { createFlowNodes } from '../../frames/flow-nodes';
import { createFailures } from '../layout/failures';
import { createForest } from '../layout/forest';
import { testNode } from '../layout/test-forest';
import { flowSteps } from './flow-steps';
import { collapsedOf, initialState, reducePanel, type PanelState } from './panel-state';

const failed = (type: string) => ({ status: 'error', error: { type, message: '' } }) as const;
const nodes = createFlowNodes([
  testNode(0, null),
  testNode(1, 0),
  testNode(2, 1, failed('First')),
  testNode(3, null, failed('Second')),
]);
const flow = { id: 'f', nodes } as unknown as PanelFlow;
const forest = createForest(nodes);
const failures = createFailures(nodes);
forest.update();
failures.update();

let state: PanelState;
const steps = () =>
  flowSteps({
    flow,
    forest,
    failures,
    selectedId: state.nodeId,
    collapsed: collapsedOf(state, flow.id),
    dispatch: (action) => (state = reducePanel(state, action)),
  });

beforeEach(() => {
  state = initialState({ flowId: null, nodeId: null, view: null });
});

describe('steps through a flow', () => {
  it('lead from failure to failure and begin anew behind the last', () => {
    const seen = [1, 2, 3].map(() => {
      steps().toNextFailure();
      return state.nodeId;
    });
    expect(seen).toEqual(['2', '3', '2']);
    steps().take({ kind: 'failure', step: -1 });
    expect(state.nodeId).toBe('3');
    steps().toFirstFailure();
    expect(state.nodeId).toBe('2');
  });

  it('collapse below a level, and open what hides a failure', () => {
    steps().take({ kind: 'level', level: 0 });
    expect([...collapsedOf(state, 'f')].sort()).toEqual(['0', '1']);
    steps().toFirstFailure();
    expect([...collapsedOf(state, 'f')]).toEqual([]);
    expect(state).toMatchObject({ flowId: 'f', nodeId: '2' });
  });
});
