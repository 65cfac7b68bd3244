import type { FlowEndEvent, FlowIdentifiedEvent, FlowStartEvent } from '../events';
import type { FlowRecord } from '../record-fields';
import { runningRecord } from '../testing/running-record';
import { chatEvents, FLOW_ID, T0 } from '../testing/sample-events';
import {
  emptyFlow,
  joinEvents,
  joinHead,
  joinHeadRecord,
  joinRecord,
  NO_HEAD,
  seqsOfRecord,
  type FlowState,
} from './flow-state';
import { viewFlow, type FlowView } from './flow-view';

const start: FlowStartEvent = {
  type: 'flow_start',
  flow_id: FLOW_ID,
  seq: 0,
  ts: T0,
  session_id: 's1',
  name: 'POST /ask',
  service: 'chat',
  instance: 'i',
};
const identified: FlowIdentifiedEvent = { type: 'flow_identified', flow_id: FLOW_ID, seq: 2, ts: T0, user_id: 'ann' };
const end: FlowEndEvent = { type: 'flow_end', flow_id: FLOW_ID, seq: 9, ts: T0 + 9, status: 'ok', duration_ms: 9 };
const record = runningRecord({ session_id: 's1', name: 'POST /ask', service: 'chat', instance: 'i', started_ts: T0 });

describe('joinHead', () => {
  const joinAll = (...events: (FlowStartEvent | FlowIdentifiedEvent | FlowEndEvent)[]) =>
    events.reduce(joinHead, NO_HEAD);

  it('keeps start, user and end each for itself', () => {
    expect(joinAll(end, identified, start)).toEqual({ ...NO_HEAD, start, identified, end });
  });

  it('keeps the latest of each, in any order', () => {
    for (const event of [start, identified, end]) {
      const later = { ...event, seq: event.seq + 1 };
      expect(joinAll(event, later)).toEqual(joinAll(later));
      expect(joinAll(later, event)).toEqual(joinAll(later));
    }
  });

  it('settles on one of two with the same number, whichever comes first', () => {
    const other: FlowIdentifiedEvent = { ...identified, user_id: 'bob' };
    expect(joinAll(identified, other)).toEqual(joinAll(other, identified));
  });

  it('is moved to another session by those alone that tell one', () => {
    const moved: FlowIdentifiedEvent = { ...identified, seq: 1, session_id: 's2' };
    expect(joinAll(moved, identified)).toMatchObject({ moved, identified });
    expect(joinAll(identified, moved)).toMatchObject({ moved, identified });
  });

  it('is named by those alone that tell a name, and told its user by those that tell one', () => {
    const named: FlowIdentifiedEvent = {
      type: 'flow_identified',
      flow_id: FLOW_ID,
      seq: 7,
      ts: T0,
      name: 'n',
      started_ts: T0,
    };
    expect(joinAll(named, identified)).toEqual({ ...NO_HEAD, named, identified });
    expect(joinAll(identified, named)).toEqual({ ...NO_HEAD, named, identified });
    const head = joinAll(identified, named);
    expect(joinHead(head, named)).toBe(head);
  });

  it('is the same object when an event comes again', () => {
    const head = joinAll(start, identified, end);
    for (const event of [start, identified, end]) expect(joinHead(head, event)).toBe(head);
  });
});

describe('joinHeadRecord', () => {
  /** Each knows more than the one before it. */
  const records: FlowRecord[] = [
    { ...record, last_seq: 3, status: 'ok', checkpoint_count: 9 },
    { ...record, last_seq: 4 },
    { ...record, last_seq: 4, trace_id: 't' },
    { ...record, last_seq: 4, checkpoint_count: 1 },
    { ...record, last_seq: 4, checkpoint_count: 2 },
    { ...record, last_seq: 4, status: 'lost' },
    { ...record, last_seq: 4, status: 'error' },
  ];

  it('keeps the one that knows more: of later events, ended, with more checkpoints, with more told', () => {
    for (const [i, a] of records.entries()) {
      for (const b of records.slice(i + 1)) {
        for (const [first, second] of [
          [a, b],
          [b, a],
        ] as const) {
          expect(joinHeadRecord(joinHeadRecord(NO_HEAD, first), second).record).toBe(b);
        }
      }
    }
  });

  it('takes an empty text for nothing told', () => {
    // Of two that know as much, this one would be settled on.
    const unnamed = { ...record, name: '', session_id: 'z' };
    expect(joinHeadRecord(joinHeadRecord(NO_HEAD, record), unnamed).record).toBe(record);
    expect(joinHeadRecord(joinHeadRecord(NO_HEAD, unnamed), record).record).toBe(record);
  });

  it('settles on one of two that know as much, and stays as it is when they are the same', () => {
    const other = { ...record, user_id: 'bob' };
    const ann = { ...record, user_id: 'ann' };
    const heads = [
      [ann, other],
      [other, ann],
    ].map((both) => both.reduce(joinHeadRecord, NO_HEAD));
    expect(heads[0]).toEqual(heads[1]);
    const head = joinHeadRecord(NO_HEAD, record);
    expect(joinHeadRecord(head, { ...record })).toBe(head);
  });
});

describe('seqsOfRecord', () => {
  it('are all up to the last one of a record that is complete', () => {
    expect(seqsOfRecord({ ...record, last_seq: 4 }, true)).toEqual([[0, 4]]);
    expect(seqsOfRecord({ ...record, last_seq: 0 }, true)).toEqual([[0, 0]]);
    expect(seqsOfRecord({ ...record, last_seq: -1 }, true)).toEqual([]);
    expect(seqsOfRecord({ ...record, last_seq: 4 }, false)).toEqual([]);
  });
});

describe('a flow', () => {
  const all = chatEvents();
  let flow: FlowState;
  let view: FlowView;

  beforeEach(() => {
    flow = joinEvents(emptyFlow(FLOW_ID), all);
    view = viewFlow(flow);
  });

  it('has the nodes of its events, and all that is known of it', () => {
    expect([...flow.nodes.keys()]).toEqual([1, 3, 4, 5, 7, 10]);
    expect(flow.seen).toEqual([[0, 11]]);
    expect(joinRecord(emptyFlow(FLOW_ID), view.flow, view.checkpoints, true).nodes.size).toBe(6);
    expect(joinRecord(emptyFlow(FLOW_ID), view.flow, view.checkpoints, true).seen).toEqual([[0, 11]]);
  });

  it('is the same object when events or records add nothing', () => {
    expect(joinEvents(flow, all)).toBe(flow);
    const known = joinRecord(flow, view.flow, view.checkpoints, true);
    expect(joinRecord(known, view.flow, view.checkpoints, true)).toBe(known);
    expect(joinRecord(known, null, view.checkpoints, false)).toBe(known);
  });

  it('is not changed by what is joined into it', () => {
    const before = emptyFlow(FLOW_ID);
    const after = joinEvents(before, all);
    expect(before).toEqual(emptyFlow(FLOW_ID));
    const nodes = new Map(after.nodes);
    joinRecord(after, null, [{ ...view.checkpoints[0]!, attributes: { more: true } }], false);
    expect(after.nodes).toEqual(nodes);
  });

  it('takes checkpoints of history without the flow itself', () => {
    const known = joinRecord(emptyFlow(FLOW_ID), null, view.checkpoints, false);
    expect([...known.nodes.keys()]).toEqual(view.checkpoints.map(({ node_id }) => node_id));
    expect(known).toMatchObject({ record: null, seen: [] });
  });
});
