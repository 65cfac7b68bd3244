import { seededRandom } from '../../../../protocol/src/testing/sample-events';
import {
  collapsedOf,
  initialState,
  isFollowing,
  openedOf,
  reducePanel,
  type PanelAction,
  type PanelState,
} from './panel-state';
import { newestFlow, shownFlow } from './shown-flow';

const start = initialState({ flowId: null, nodeId: null, view: null });
const after = (...actions: PanelAction[]): PanelState => actions.reduce(reducePanel, start);

describe('reducePanel', () => {
  it.each<PanelAction>([
    { type: 'pick', flowId: 'a' },
    { type: 'stay', flowId: 'a' },
    { type: 'select', flowId: 'a', nodeId: '1' },
    { type: 'toggle', flowId: 'a', nodeId: '1' },
    { type: 'fold', flowId: 'a', key: 'k' },
  ])('stops following when a person acts, and follows again when asked to: $type', (act) => {
    expect(isFollowing(start)).toBe(true);
    expect(after(act)).toMatchObject({ flowId: 'a' });
    expect(after(act, { type: 'follow' })).toMatchObject({ flowId: null, nodeId: null });
  });

  it('goes on following when the view, the search or the filter changes', () => {
    const state = after(
      { type: 'view', view: 'outline' },
      { type: 'search', text: 'tool' },
      { type: 'filter', status: 'failed' },
      { type: 'filterNodes', filters: { checkpoints: ['a'], statuses: [], minMs: null } },
    );
    expect(state).toMatchObject({ flowId: null, view: 'outline', search: 'tool', filter: 'failed' });
  });

  it('keeps the selection within its flow', () => {
    const selected = { type: 'select', flowId: 'a', nodeId: '1' } as const;
    expect(after(selected, { type: 'stay', flowId: 'a' }).nodeId).toBe('1');
    expect(after(selected, { type: 'pick', flowId: 'b' }).nodeId).toBeNull();
    expect(after(selected, { type: 'select', flowId: 'a', nodeId: null })).toMatchObject({ flowId: 'a', nodeId: null });
  });

  it('keeps which groups are opened by flow, and closes them again', () => {
    const fold = { type: 'fold', flowId: 'a', key: 'k' } as const;
    expect([...openedOf(after(fold), 'a')]).toEqual(['k']);
    expect([...openedOf(after(fold), 'b')]).toEqual([]);
    expect([...openedOf(after(fold, fold), 'a')]).toEqual([]);
    expect(after(fold)).toMatchObject({ flowId: 'a' });
  });

  it('opens groups for a node that is shown without an act of a person', () => {
    const state = after(
      { type: 'unfold', flowId: 'a', keys: ['k'] },
      { type: 'unfold', flowId: 'a', keys: ['l', 'k'] },
    );
    expect([...openedOf(state, 'a')]).toEqual(['k', 'l']);
    expect(isFollowing(state)).toBe(true);
  });

  it('goes on following when the tree is turned, or folds no more', () => {
    const state = after({ type: 'direction', direction: 'down' }, { type: 'folding', on: false });
    expect(state).toMatchObject({ flowId: null, direction: 'down', folding: false });
  });

  it('keeps comparing with the same flow when another is picked, until it is ended or the newest is followed', () => {
    const compare = { type: 'compare', flowId: 'a', otherId: 'b' } as const;
    expect(after(compare)).toMatchObject({ flowId: 'a', compareId: 'b' });
    expect(after(compare, { type: 'pick', flowId: 'c' })).toMatchObject({ flowId: 'c', compareId: 'b' });
    expect(after(compare, { ...compare, otherId: null })).toMatchObject({ flowId: 'a', compareId: null });
    expect(after(compare, { type: 'follow' }).compareId).toBeNull();
  });

  it('keeps what is collapsed by flow', () => {
    const toggle = { type: 'toggle', flowId: 'a', nodeId: '1' } as const;
    const state = after(toggle, { type: 'toggle', flowId: 'b', nodeId: '2' }, { type: 'follow' });
    expect([...collapsedOf(state, 'a')]).toEqual(['1']);
    expect([...collapsedOf(state, 'b')]).toEqual(['2']);
    expect(after(toggle, toggle).collapsed.size).toBe(0);
  });

  it('knows the rule that collapsed a flow until nodes are changed by hand, and applies it without an act', () => {
    const rule = { kind: 'level', level: 1 } as const;
    const ruled = { type: 'collapse', flowId: 'a', nodeIds: new Set(['1']), rule } as const;
    const later = { type: 'recollapse', flowId: 'a', nodeIds: new Set(['1', '2']) } as const;
    const state = after(ruled, { type: 'follow' }, later);
    expect(state.collapseRules.get('a')).toBe(rule);
    expect([...collapsedOf(state, 'a')]).toEqual(['1', '2']);
    expect(isFollowing(state)).toBe(true);
    expect(after(ruled, { type: 'toggle', flowId: 'a', nodeId: '2' }).collapseRules.size).toBe(0);
    expect(after(ruled, { type: 'collapse', flowId: 'a', nodeIds: new Set() }).collapseRules.size).toBe(0);
  });

  it('counts each selection, of the same node too', () => {
    const select = { type: 'select', flowId: 'a', nodeId: '1' } as const;
    expect(after(select, select).selections).toBe(2);
  });

  it('takes in what another address says, also that it says nothing', () => {
    const link = { flowId: 'b', nodeId: '2', view: 'outline' } as const;
    const search = { type: 'search', text: 'tool' } as const;
    expect(after(search, { type: 'link', link })).toMatchObject({ ...link, search: 'tool', selections: 1 });
    const none = { flowId: null, nodeId: null, view: null };
    expect(after({ type: 'pick', flowId: 'a' }, { type: 'link', link: none })).toMatchObject(none);
  });
});

interface Flow {
  readonly id: string;
  readonly startedTs: number;
}

describe('what is shown', () => {
  it('is the newest flow while it follows, ended or not', () => {
    const flows = [
      { id: 'a', startedTs: 1 },
      { id: 'c', startedTs: 3 },
      { id: 'b', startedTs: 3 },
    ];
    expect(newestFlow(flows)?.id).toBe('c');
    expect(shownFlow(start, [])).toEqual({ flow: null, following: true, nodeId: null, absentId: null });
  });

  it('is the newest, and says so, when the linked flow is not there; and that one once it comes', () => {
    const linked = initialState({ flowId: 'x', nodeId: '1', view: null });
    const flows: Flow[] = [{ id: 'a', startedTs: 1 }];
    expect(shownFlow(linked, flows)).toEqual({ flow: flows[0], following: false, nodeId: null, absentId: 'x' });
    expect(shownFlow(linked, [])).toMatchObject({ flow: null, absentId: null });
    const later = [...flows, { id: 'x', startedTs: 0 }];
    expect(shownFlow(linked, later)).toEqual({ flow: later[1], following: false, nodeId: '1', absentId: null });
  });

  it('holds to its rules whatever a person does and whichever flows come and go', () => {
    const random = seededRandom(11);
    const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    for (let round = 0; round < 100; round++) {
      let state = start;
      let flows: Flow[] = [];
      for (let step = 0; step < 80; step++) {
        const before = shownFlow(state, flows);
        const seen = before.flow;
        const chance = random();
        if (chance < 0.35 || seen === null) {
          // A flow comes, out of order too; now and then one has gone.
          flows = [...flows, { id: `f${round}-${step}`, startedTs: Math.floor(random() * 50) }];
          if (random() < 0.2) flows = flows.filter((flow) => flow !== any(flows));
        } else {
          const flowId = seen.id;
          const nodeId = String(Math.floor(random() * 5));
          const action = any<PanelAction>([
            { type: 'pick', flowId: any(flows).id },
            { type: 'stay', flowId },
            { type: 'select', flowId, nodeId },
            { type: 'toggle', flowId, nodeId },
            { type: 'follow' },
            { type: 'view', view: 'timeline' },
            { type: 'filter', status: 'running' },
          ]);
          state = reducePanel(state, action);
          const now = shownFlow(state, flows);
          if (action.type === 'follow') expect(now.following).toBe(true);
          else if ('flowId' in action) expect(now).toMatchObject({ following: false, flow: { id: action.flowId } });
          else expect(now).toEqual(before);
        }
        const shown = shownFlow(state, flows);
        expect(shown.flow === null).toBe(flows.length === 0);
        if (shown.following) expect(shown.flow).toBe(newestFlow(flows));
        if (shown.nodeId !== null) expect(shown.flow?.id).toBe(state.flowId);
        if (shown.absentId !== null) expect(flows.some(({ id }) => id === shown.absentId)).toBe(false);
      }
    }
  });
});
