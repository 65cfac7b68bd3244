import type { FlowEndEvent, FlowIdentifiedEvent, FlowStartEvent } from '../events';
import { flowIdTime } from '../flow-id';
import type { FlowRecord } from '../record-fields';
import { runningRecord } from '../testing/running-record';
import { chatEvents, FLOW_ID, T0 } from '../testing/sample-events';
import { emptyFlow, joinEvents, NO_HEAD, type FlowHead } from './flow-state';
import { outcomeOf, recordOf, viewFlow, type FlowCounts } from './flow-view';

const start: FlowStartEvent = {
  type: 'flow_start',
  flow_id: FLOW_ID,
  seq: 0,
  ts: T0,
  session_id: 's-start',
  user_id: 'u-start',
  name: 'n-start',
  service: 'v-start',
  instance: 'i-start',
  trace_id: 't-start',
  attributes: { of: 'start' },
};
const identified: FlowIdentifiedEvent = {
  type: 'flow_identified',
  flow_id: FLOW_ID,
  seq: 5,
  ts: T0 + 5,
  user_id: 'u-moved',
  session_id: 's-moved',
};
const end: FlowEndEvent = {
  type: 'flow_end',
  flow_id: FLOW_ID,
  seq: 9,
  ts: T0 + 90,
  status: 'error',
  duration_ms: 90,
  http_status: 500,
  error: { type: 'E', message: 'end' },
};
/** What history said before it read the event that told the user. */
const record: FlowRecord = {
  flow_id: FLOW_ID,
  session_id: 's-record',
  user_id: 'u-record',
  name: 'n-record',
  service: 'v-record',
  instance: 'i-record',
  status: 'aborted',
  started_ts: T0 + 1,
  ended_ts: T0 + 70,
  duration_ms: 69,
  http_status: 499,
  error: { type: 'E', message: 'record' },
  trace_id: 't-record',
  attributes: { of: 'record' },
  checkpoint_count: 4,
  error_count: 3,
  input_tokens: 7,
  output_tokens: 8,
  last_seq: 4,
};
const COUNTS: FlowCounts = { nodes: 0, errors: 0, seenSeq: 9 };

const view = (head: Partial<FlowHead>, counts: Partial<FlowCounts> = {}): FlowRecord => {
  const all = { ...COUNTS, ...counts };
  const whole = { ...NO_HEAD, ...head };
  return recordOf(outcomeOf(FLOW_ID, whole, all.seenSeq), whole, all);
};

describe('viewFlow', () => {
  const events = chatEvents();

  it('has the nodes by their ids, whatever order they came in, and counts those that failed', () => {
    const { flow, checkpoints } = viewFlow(joinEvents(emptyFlow(FLOW_ID), events.toReversed()));
    expect(checkpoints.map((node) => node.node_id)).toEqual([1, 3, 4, 5, 7, 10]);
    expect(flow).toMatchObject({ checkpoint_count: 6, error_count: 1 });
  });

  it('gives the same view of the same flow', () => {
    const flow = joinEvents(emptyFlow(FLOW_ID), events);
    expect(viewFlow(flow)).toBe(viewFlow(flow));
  });
});

describe('a flow of which nothing is known', () => {
  it('runs since the time in its id, in a session of its own', () => {
    expect(view({})).toEqual(runningRecord({ started_ts: flowIdTime(FLOW_ID), last_seq: 9 }));
  });
});

describe('a flow of which history knows', () => {
  it('is as history says', () => {
    expect(view({ record }, { seenSeq: 4 })).toEqual(record);
  });

  it('is rather as its own events say, where they do', () => {
    expect(view({ start, identified, moved: identified, end, record })).toEqual({
      ...record,
      session_id: 's-moved',
      user_id: 'u-moved',
      service: 'v-start',
      instance: 'i-start',
      status: 'error',
      ended_ts: T0 + 90,
      duration_ms: 90,
      http_status: 500,
      error: { type: 'E', message: 'end' },
      trace_id: 't-start',
      attributes: { of: 'start' },
      last_seq: 9,
    });
  });

  it('has user and session of whoever read further', () => {
    const of = ({ user_id, session_id }: FlowRecord): unknown => [user_id, session_id];
    const head = { start, identified, moved: identified };
    expect(of(view({ ...head, record: { ...record, last_seq: 4 } }))).toEqual(['u-moved', 's-moved']);
    expect(of(view({ ...head, record: { ...record, last_seq: 5 } }))).toEqual(['u-record', 's-record']);
    expect(of(view({ start, record: { ...record, last_seq: 0 } }))).toEqual(['u-record', 's-record']);
    expect(of(view({ start, record: { ...record, last_seq: -1 } }))).toEqual(['u-start', 's-start']);
    expect(of(view({ start }))).toEqual(['u-start', 's-start']);
  });

  it('has what the later of two events told, though history has read the earlier one', () => {
    const { session_id: _session, ...user } = identified;
    const { user_id: _user, ...session } = identified;
    const read: FlowRecord = { ...record, last_seq: 6 };
    expect(view({ identified: { ...user, seq: 7 }, moved: session, record: read }).user_id).toBe('u-moved');
    expect(view({ identified: user, moved: { ...session, seq: 7 }, record: read }).session_id).toBe('s-moved');
  });

  it('has name and start of whoever read further', () => {
    const of = ({ name, started_ts }: FlowRecord): unknown => [name, started_ts - T0];
    const named: FlowIdentifiedEvent = { ...identified, name: 'n-root', started_ts: T0 - 3 };
    expect(of(view({ start }))).toEqual(['n-start', 0]);
    expect(of(view({ named }))).toEqual(['n-root', -3]);
    expect(of(view({ start, named }))).toEqual(['n-root', -3]);
    expect(of(view({ start, named, record: { ...record, last_seq: 4 } }))).toEqual(['n-root', -3]);
    expect(of(view({ start, named, record: { ...record, last_seq: 5 } }))).toEqual(['n-record', 1]);
    expect(of(view({ start, record: { ...record, last_seq: -1 } }))).toEqual(['n-start', 0]);
    expect(of(view({ start, record: { ...record, last_seq: 0, name: '' } }))).toEqual(['n-start', 0]);
    expect(of(view({ record: { ...record, name: '' } }))).toEqual(['', 1]);
  });

  it('has the user and session of older history where no event told any', () => {
    const bare: FlowIdentifiedEvent = { ...identified, user_id: null as never };
    expect(view({ identified: bare, record })).toMatchObject({ user_id: 'u-record', session_id: 's-record' });
  });

  it('has the session of its events while history has not read the start and guesses', () => {
    expect(view({ start, record: { ...record, name: '' } }).session_id).toBe('s-start');
    expect(view({ record: { ...record, name: '' } }).session_id).toBe('s-record');
  });

  it('has the larger count of checkpoints, and the errors of who counts more of them', () => {
    const counts = (nodes: number, errors: number): unknown => {
      const { checkpoint_count, error_count } = view({ record }, { nodes, errors });
      return [checkpoint_count, error_count];
    };
    expect(counts(3, 1)).toEqual([4, 3]);
    expect(counts(3, 5)).toEqual([4, 5]);
    expect(counts(4, 1)).toEqual([4, 1]);
    expect(counts(6, 1)).toEqual([6, 1]);
  });
});

describe('how a flow stands', () => {
  const lost: FlowRecord = { ...record, status: 'lost' };
  const stands = (head: Partial<FlowHead>, seenSeq = 4): unknown => {
    const { flow_id: _id, ...outcome } = outcomeOf(FLOW_ID, { ...NO_HEAD, ...head }, seenSeq);
    return outcome;
  };

  it('is lost until it speaks again', () => {
    expect(stands({ record: lost }, 4)).toEqual({ status: 'lost', ended_ts: T0 + 70, error: record.error });
    expect(stands({ record: lost }, 5)).toMatchObject({ status: 'running', ended_ts: null });
    expect(view({ record: lost }, { seenSeq: 5 }).duration_ms).toBeNull();
  });

  it('is ended by history whatever comes after', () => {
    expect(stands({ record }, 5)).toMatchObject({ status: 'aborted', ended_ts: T0 + 70 });
  });

  it('is ended by its own end, of which history fills in what it does not tell', () => {
    const { error: _error, http_status: _status, ...bare } = end;
    expect(stands({ end: bare })).toEqual({ status: 'error', ended_ts: T0 + 90, error: null });
    expect(stands({ end: bare, record })).toEqual({ status: 'error', ended_ts: T0 + 90, error: record.error });
    expect(view({ end: bare, record }).http_status).toBe(499);
  });

  it('is running while nobody told an end', () => {
    const going: FlowRecord = { ...record, status: 'running' };
    expect(stands({ record: going })).toMatchObject({ status: 'running', ended_ts: null });
    expect(stands({ start })).toEqual({ status: 'running', ended_ts: null, error: null });
  });
});
