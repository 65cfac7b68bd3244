import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { distinctionsOf, flowLine } from './flow-line';
import { FLOW_ROW, railRows, rowsWithin, SESSION_ROW } from './rail-rows';
import { splitName } from './split-name';

const flow = (id: string, changes: Partial<PanelFlow> = {}): PanelFlow =>
  ({
    id,
    sessionId: id,
    userId: '123',
    service: 'chat',
    status: 'ok',
    startedTs: 0,
    checkpointCount: 9,
    error: null,
    nodes: createFlowNodes(),
    ...changes,
  }) as PanelFlow;
const NOBODY = { users: false, services: false };

describe('railRows', () => {
  const shape = (flows: PanelFlow[], filter: 'all' | 'running' | 'failed' = 'all') =>
    railRows(flows, filter).rows.map((row) => (row.kind === 'flow' ? row.flow.id : `${row.name} · ${row.count}`));

  it('groups by session, each where its newest flow stands', () => {
    const flows = [
      flow('e', { sessionId: 's2' }),
      flow('d'),
      flow('c'),
      flow('b', { sessionId: 's1' }),
      flow('a', { sessionId: 's2' }),
    ];
    expect(shape(flows)).toEqual([
      'Session s2 · 2 flows',
      'e',
      'a',
      'No session · 2 flows',
      'd',
      'c',
      'Session s1 · 1 flow',
      'b',
    ]);
    expect(railRows(flows, 'all').order).toEqual(['e', 'a', 'd', 'c', 'b']);
  });

  it('has no headings where no flow has a session', () => {
    expect(shape([flow('b'), flow('a', { sessionId: null })])).toEqual(['b', 'a']);
  });

  it('filters, and counts what each filter would show: an abort is no failure', () => {
    const statuses = ['running', 'error', 'aborted', 'timed_out', 'lost', 'ok'] as const;
    const flows = statuses.map((status) => flow(status, { status }));
    expect(shape(flows, 'running')).toEqual(['running']);
    expect(shape(flows, 'failed')).toEqual(['error', 'timed_out', 'lost']);
    expect(railRows(flows, 'running').counts).toEqual({ all: 6, running: 1, failed: 3 });
  });

  it('places rows without gaps, and finds those in a window', () => {
    const flows = Array.from({ length: 500 }, (_, i) => flow(`f${i}`, { sessionId: `s${i >> 2}` }));
    const rail = railRows(flows, 'all');
    let top = 0;
    for (const row of rail.rows) {
      expect(row.top).toBe(top);
      top += row.height;
    }
    expect(rail.height).toBe(500 * FLOW_ROW + 125 * SESSION_ROW);
    for (const [from, to] of [
      [0, 100],
      [1_000, 1_001],
      [rail.height - 1, rail.height + 500],
      [5_000, 5_600],
    ] as const) {
      expect(rowsWithin(rail, from, to)).toEqual(
        rail.rows.filter((row) => row.top + row.height > from && row.top < to),
      );
    }
  });
});

describe('flowLine', () => {
  const nodes = createFlowNodes([
    { id: '1', checkpoint: 'auth_check', status: 'ok', attributes: {} },
    { id: '2', checkpoint: 'tool_call', status: 'running', attributes: { 'gen_ai.tool.name': 'refund' } },
  ] as unknown as PanelNode[]);

  it('says what a running flow is doing, and how the others ended', () => {
    const error = { type: 'AuthError', message: 'no such key' };
    expect(flowLine(flow('a', { status: 'running', nodes }), NOBODY)).toBe('running · tool_call refund');
    expect(flowLine(flow('a', { status: 'running' }), NOBODY)).toBe('running');
    expect(flowLine(flow('a', { status: 'error', error }), NOBODY)).toBe('failed · no such key');
    expect(flowLine(flow('a', { status: 'aborted' }), NOBODY)).toBe('aborted · 9 checkpoints');
    expect(flowLine(flow('a', { status: 'timed_out' }), NOBODY)).toBe('timed out · 9 checkpoints');
    expect(flowLine(flow('a'), NOBODY)).toBe('ok · 9 checkpoints');
  });

  it('names user and service only where they differ', () => {
    const flows = [flow('b', { userId: null }), flow('a')];
    expect(distinctionsOf(flows)).toEqual({ users: true, services: false });
    expect(flows.map((each) => flowLine(each, distinctionsOf(flows)))).toEqual([
      'ok · no user yet · 9 checkpoints',
      'ok · user 123 · 9 checkpoints',
    ]);
    expect(flowLine(flow('a'), { users: false, services: true })).toBe('ok · 9 checkpoints · chat');
  });
});

describe('splitName', () => {
  it.each([
    ['POST /ask', '', 'POST /ask'],
    ['POST /api/v1/ask/stream', 'POST /api', '/v1/ask/stream'],
    ['abcdefghijklmnopqrstuvwxyz', 'abcdefghij', 'klmnopqrstuvwxyz'],
    ['', '', ''],
  ])('splits %j into %j and %j', (name, head, tail) => expect(splitName(name)).toEqual({ head, tail }));

  it('does not split a character', () => {
    const { head, tail } = splitName('💬'.repeat(20));
    expect(head.isWellFormed() && tail.isWellFormed()).toBe(true);
    expect(head + tail).toBe('💬'.repeat(20));
  });
});
