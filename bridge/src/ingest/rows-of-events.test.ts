import type { FlowEvent } from '@flow-tracking/protocol';
import { rowsOfEvents } from './rows-of-events';

const flow_id = '01KAXHX0B0AAAAAAAAAAAAAAAA';
const start = 1_764_050_000_000;

const events: FlowEvent[] = [
  {
    type: 'flow_start',
    flow_id,
    seq: 0,
    ts: start,
    session_id: 's1',
    name: 'POST /ask',
    service: 'chat',
    instance: 'i',
  },
  { type: 'flow_identified', flow_id, seq: 1, ts: start + 1, user_id: '123' },
  {
    type: 'checkpoint',
    flow_id,
    seq: 2,
    ts: start + 2,
    node_id: 2,
    parent_id: null,
    checkpoint: 'auth_check',
    status: 'ok',
  },
  {
    type: 'checkpoint',
    flow_id,
    seq: 3,
    ts: start + 3,
    node_id: 3,
    parent_id: null,
    checkpoint: 'llm_thinking',
    status: 'running',
    attributes: { 'gen_ai.request.model': 'm', both: 'begin' },
  },
  {
    type: 'checkpoint_end',
    flow_id,
    seq: 4,
    ts: start + 9,
    node_id: 3,
    parent_id: null,
    checkpoint: 'llm_thinking',
    started_ts: start + 3,
    status: 'ok',
    duration_ms: 6,
    attributes: { 'gen_ai.usage.output_tokens': 812, both: 'end' },
  },
  { type: 'flow_end', flow_id, seq: 5, ts: start + 10, status: 'ok', duration_ms: 10, http_status: 200 },
];

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => permutations(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
}

describe('rowsOfEvents', () => {
  it('makes one row a flow and one a node', () => {
    const { flows, checkpoints } = rowsOfEvents(events);
    expect(flows).toHaveLength(1);
    expect(flows[0]).toMatchObject({
      session_id: 's1',
      user_id: '123',
      name: 'POST /ask',
      status: 'ok',
      started_ts: start,
      ended_ts: start + 10,
      last_seq: 5,
    });
    expect(checkpoints.map((row) => [row.node_id, row.status, row.end_seq])).toEqual([
      [2, 'ok', null],
      [3, 'ok', 4],
    ]);
    expect(checkpoints[1]).toMatchObject({
      duration_ms: 6,
      output_tokens: 812,
      attributes: { 'gen_ai.request.model': 'm', both: 'end' },
    });
  });

  it('comes to the same in every order, and with every event twice', () => {
    const expected = rowsOfEvents(events);
    for (const order of permutations(events)) expect(rowsOfEvents([...order, ...order])).toEqual(expected);
  });

  it('makes a row from any one event alone', () => {
    for (const event of events) expect(rowsOfEvents([event]).flows[0]).toMatchObject({ flow_id });
    expect(rowsOfEvents(events.slice(4, 5)).checkpoints[0]).toMatchObject({ started_ts: start + 3, end_seq: 4 });
  });

  it('takes the later of two users and sessions', () => {
    const later: FlowEvent = { type: 'flow_identified', flow_id, seq: 6, ts: start, user_id: '456', session_id: 's2' };
    expect(rowsOfEvents([later, ...events]).flows[0]).toMatchObject({ user_id: '456', session_id: 's2' });
  });

  it('takes a begin that says an earlier time than the event before it, in any order', () => {
    const begin: FlowEvent = {
      type: 'checkpoint',
      flow_id,
      seq: 6,
      ts: start + 1,
      node_id: 6,
      parent_id: null,
      checkpoint: 'told_late',
      status: 'running',
    };
    const expected = rowsOfEvents([...events, begin]);
    expect(expected.flows[0]).toMatchObject({ started_ts: start, last_seq: 6, last_event_ts: start + 10 });
    expect(expected.checkpoints.at(-1)).toMatchObject({ node_id: 6, status: 'running', started_ts: start + 1 });
    expect(rowsOfEvents([begin, ...events.toReversed()])).toEqual(expected);
  });
});
