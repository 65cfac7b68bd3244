import type { PanelFlow } from '../../frames/panel-flow';
import { createFlowNodes } from '../../frames/flow-nodes';
import { createFailures } from '../layout/failures';
import { createForest } from '../layout/forest';
import { createMatches } from '../layout/matches';
import { createQuery, NO_FILTERS } from '../layout/query';
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
const matches = createMatches(nodes);

let state: PanelState;
const steps = () =>
  flowSteps({
    flow,
    forest,
    failures,
    matches,
    rule: state.collapseRules.get(flow.id),
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

  it('lead from match to match, from the focus if there is one, and nowhere when nothing matches', () => {
    matches.update(createQuery('second', NO_FILTERS), 0);
    steps().take({ kind: 'level', level: 0 });
    steps().take({ kind: 'match', step: 1 }, '0');
    expect(state.nodeId).toBe('3');
    matches.update(createQuery('first', NO_FILTERS), 0);
    steps().toMatch(-1);
    expect([state.nodeId, [...collapsedOf(state, 'f')]]).toEqual(['2', []]);
    matches.update(createQuery('third', NO_FILTERS), 0);
    const before = state;
    steps().toMatch(1);
    expect(state).toBe(before);
    matches.update(null, 0);
  });

  it('expand failures only, and everything again', () => {
    steps().take({ kind: 'level', level: 1 });
    expect(state.collapseRules.get('f')).toEqual({ kind: 'level', level: 1 });
    steps().take({ kind: 'failuresOnly' });
    expect([state.collapseRules.get('f'), [...collapsedOf(state, 'f')]]).toEqual([{ kind: 'failures' }, []]);
    steps().take({ kind: 'failuresOnly' });
    expect([state.collapseRules.size, state.collapsed.size]).toEqual([0, 0]);
  });
});
