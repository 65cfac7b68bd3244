import type { FlowEvent } from './events';
import { parseEvent } from './parse-event';

const base = { flow_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', seq: 3, ts: 1_764_050_000_123.456 };
const checkpoint = { ...base, type: 'checkpoint', node_id: 3, parent_id: null, checkpoint: 'auth_check', status: 'ok' };

describe('parseEvent', () => {
  const events: FlowEvent[] = [
    { ...base, type: 'flow_start', session_id: 's', name: 'POST /ask', service: 'chat', instance: 'i', user_id: '1' },
    { ...base, type: 'flow_identified', user_id: '123', session_id: 's' },
    { ...base, type: 'flow_identified', session_id: 's' },
    { ...base, type: 'flow_identified', name: 'GET /cart', started_ts: 1_764_050_000_000 },
    { ...base, type: 'checkpoint', node_id: 3, parent_id: 2, checkpoint: 'auth_check', status: 'ok', duration_ms: 0.2 },
    {
      ...base,
      type: 'checkpoint_end',
      node_id: 1,
      parent_id: null,
      checkpoint: 'tool_call',
      started_ts: 1_764_050_000_000,
      status: 'error',
      duration_ms: 123.456,
      attributes: { 'gen_ai.tool.name': 'search' },
      error: { type: 'TimeoutError', message: 'too slow' },
    },
    { ...base, type: 'flow_end', status: 'aborted', duration_ms: 12, http_status: 200 },
  ];

  it.each(events.map((event) => [event.type, event] as const))('takes a %s as it is', (_type, event) => {
    expect(parseEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it('leaves out what it does not know', () => {
    expect(parseEvent({ ...checkpoint, colour: 'red' })).not.toHaveProperty('colour');
  });

  it.each([
    ['an array', [], 'event: expected an object, got an array'],
    ['null', null, 'event: expected an object, got null'],
    ['no type', { ...base }, 'type: expected the type of an event, got undefined'],
    ['a flow id that is no ULID', { ...checkpoint, flow_id: 'x' }, 'flow_id: expected a ULID, got "x"'],
    ['a flow id of the year 10889', { ...checkpoint, flow_id: '7ZZZZZZZZZZZZZZZZZZZZZZZZZ' }, 'flow_id: expected a'],
    ['a negative seq', { ...checkpoint, seq: -1 }, 'seq: expected a number from 0 to 2147483647, got -1'],
    ['a time of 1e18', { ...checkpoint, ts: 1e18 }, 'ts: expected a number from 0 to 253402300799999'],
    ['a name of the wrong type', { ...checkpoint, checkpoint: 7 }, 'checkpoint: expected a string of 1 to 255 bytes'],
    ['an unknown status', { ...checkpoint, status: 'passed' }, 'status: expected one of running, ok, error'],
    ['an id of 12 KB', { ...base, type: 'flow_identified', user_id: 'x'.repeat(12_000) }, 'user_id: expected a string'],
    ['an id of 300 UTF-8 bytes', { ...base, type: 'flow_identified', user_id: 'é'.repeat(150) }, 'user_id: expected'],
    ['identifying nothing', { ...base, type: 'flow_identified', user_id: null }, 'user_id: expected one of'],
    ['a name without a start', { ...base, type: 'flow_identified', name: 'n' }, 'started_ts: expected with a name'],
    [
      'a start without a name',
      { ...base, type: 'flow_identified', user_id: 'u', started_ts: 1 },
      'started_ts: expected',
    ],
    ['attributes of the wrong type', { ...checkpoint, attributes: 'x' }, 'attributes: expected an object, got "x"'],
  ])('refuses %s', (_what, value, message) => {
    expect(() => parseEvent(value)).toThrow(message);
  });
});
