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

  it('sorts rows by flow, then by node', () => {
    const other = flow_id.slice(0, 25) + '0';
    const both = [...events, ...events.map((event) => ({ ...event, flow_id: other }))];
    const { flows, checkpoints } = rowsOfEvents(both);
    expect(rowsOfEvents(both.toReversed())).toEqual({ flows, checkpoints });
    expect(flows.map((row) => row.flow_id)).toEqual([other, flow_id]);
    expect(checkpoints.map((row) => [row.flow_id, row.node_id])).toEqual([
      [other, 2],
      [other, 3],
      [flow_id, 2],
      [flow_id, 3],
    ]);
    expect(new Set([...flows, ...checkpoints].map((row) => row.flow_day))).toEqual(new Set(['2025-11-25']));
  });

  it('says which event told user and session, and that none did', () => {
    const told = (...list: FlowEvent[]): unknown => {
      const [row] = rowsOfEvents(list).flows;
      return [row?.user_seq, row?.session_seq];
    };
    const [begin, identified] = events;
    expect(told(events[2]!)).toEqual([-1, -1]);
    expect(told(begin!)).toEqual([-1, 0]);
    expect(told({ ...begin!, user_id: 'u' } as FlowEvent)).toEqual([0, 0]);
    expect(told(identified!)).toEqual([1, -1]);
    expect(told({ ...begin!, user_id: 'u' } as FlowEvent, identified!)).toEqual([1, 0]);
    expect(told(begin!, { ...identified!, session_id: 's2' } as FlowEvent)).toEqual([1, 1]);
  });

  it('says which event told name and start, and that none did', () => {
    const told = (...list: FlowEvent[]): unknown => {
      const [row] = rowsOfEvents(list).flows;
      return [row?.name_seq, row?.name, (row?.started_ts ?? 0) - start];
    };
    const named: FlowEvent = {
      type: 'flow_identified',
      flow_id,
      seq: 7,
      ts: start,
      name: 'root',
      started_ts: start - 2,
    };
    expect(told(events[1]!)).toEqual([-1, '', expect.any(Number)]);
    expect(told(events[0]!)).toEqual([0, (events[0] as { name: string }).name, 0]);
    expect(told(named)).toEqual([7, 'root', -2]);
    expect(told(named, ...events)).toEqual([7, 'root', -2]);
  });

  it('sums the tokens that its checkpoints told, those of an end before those of its begin', () => {
    const sums = (list: FlowEvent[]): unknown => {
      const [row] = rowsOfEvents(list).flows;
      return [row?.input_tokens, row?.output_tokens];
    };
    const [, , auth, thinking, thought] = events;
    const input = 'gen_ai.usage.input_tokens';
    const withInput = (event: FlowEvent, tokens: number): FlowEvent =>
      ({ ...event, attributes: { [input]: tokens } }) as FlowEvent;
    expect(sums([auth!])).toEqual([null, null]);
    expect(sums([withInput(thinking!, 5), thought!])).toEqual([5, 812]);
    expect(sums([withInput(thinking!, 5), withInput(thought!, 7)])).toEqual([7, null]);
    expect(sums([withInput(auth!, 3), withInput(thought!, 7)])).toEqual([10, null]);
  });

  it('counts checkpoints, and those that failed', () => {
    const failed = events.map((event) => (event.seq === 4 ? ({ ...event, status: 'error' } as FlowEvent) : event));
    expect(rowsOfEvents(failed).flows[0]).toMatchObject({ checkpoint_count: 2, error_count: 1 });
    expect(rowsOfEvents(events).flows[0]).toMatchObject({ checkpoint_count: 2, error_count: 0 });
  });

  it('ends no checkpoint by the end of its flow, which is up to all that is known', () => {
    const [last] = events.slice(-1).map((event) => ({ ...event, status: 'aborted' }) as FlowEvent);
    expect(rowsOfEvents([events[3]!, last!]).checkpoints).toMatchObject([{ status: 'running', ended_ts: null }]);
  });

  it('keeps the error of a begin whose end tells none', () => {
    const error = { type: 'E', message: 'at once' };
    const begin = { ...events[3]!, status: 'error', error } as FlowEvent;
    for (const order of [
      [begin, events[4]!],
      [events[4]!, begin],
    ]) {
      expect(rowsOfEvents(order).checkpoints).toMatchObject([{ status: 'ok', error }]);
    }
  });

  it('cleans the name of a checkpoint, as history has it', () => {
    const named = { ...events[2]!, checkpoint: 'a\0b' } as FlowEvent;
    expect(rowsOfEvents([named]).checkpoints[0]?.checkpoint).toBe('a\ufffdb');
  });
});
