import type { CheckpointEndEvent, CheckpointEvent } from '../events';
import type { CheckpointRecord } from '../record-fields';
import { FLOW_ID, T0 } from '../testing/sample-events';
import type { FlowOutcome } from '../unended';
import { isOpen, joinNodes, nodeOfEvent, nodeOfRecord, viewNode, type NodeState } from './node-state';

const begin: CheckpointEvent = {
  type: 'checkpoint',
  flow_id: FLOW_ID,
  seq: 3,
  ts: T0,
  node_id: 3,
  parent_id: 1,
  checkpoint: 'step',
  status: 'running',
  attributes: { side: 'begin', asked: 'm' },
};
const end: CheckpointEndEvent = {
  type: 'checkpoint_end',
  flow_id: FLOW_ID,
  seq: 4,
  ts: T0 + 50,
  node_id: 3,
  parent_id: 1,
  checkpoint: 'step',
  started_ts: T0,
  status: 'ok',
  duration_ms: 50,
  attributes: { side: 'end', answered: 'm' },
};
const error = { type: 'RateLimitError', message: '429' };
const running = { flow_id: FLOW_ID, status: 'running', ended_ts: null, error: null } as const;

const stateOf = (...events: (CheckpointEvent | CheckpointEndEvent)[]): NodeState =>
  events.map(nodeOfEvent).reduce(joinNodes);
const view = (node: NodeState, flow: FlowOutcome = running): CheckpointRecord =>
  viewNode({ ...running, ...flow }, 3, node);

describe('a node', () => {
  it('that has begun is open, and seen as its begin tells', () => {
    expect(isOpen(stateOf(begin))).toBe(true);
    expect(view(stateOf(begin))).toEqual({
      flow_id: FLOW_ID,
      node_id: 3,
      parent_id: 1,
      checkpoint: 'step',
      status: 'running',
      started_ts: T0,
      ended_ts: null,
      duration_ms: null,
      attributes: begin.attributes,
      error: null,
      end_seq: null,
    });
  });

  it('that has ended has the attributes of both sides, the end winning', () => {
    expect(isOpen(stateOf(end))).toBe(false);
    for (const node of [stateOf(begin, end), stateOf(end, begin)]) {
      expect(isOpen(node)).toBe(false);
      expect(view(node)).toMatchObject({
        status: 'ok',
        started_ts: T0,
        ended_ts: T0 + 50,
        duration_ms: 50,
        attributes: { side: 'end', asked: 'm', answered: 'm' },
        end_seq: 4,
      });
    }
  });

  it('of one moment is not open, and has its duration and error from the begin', () => {
    const instant = stateOf({ ...begin, status: 'error', duration_ms: 2, error });
    expect(isOpen(instant)).toBe(false);
    expect(view(instant)).toMatchObject({ status: 'error', duration_ms: 2, error, ended_ts: null, end_seq: null });
  });

  it('that runs has not failed, whatever its begin says', () => {
    expect(view(stateOf({ ...begin, error })).error).toBeNull();
  });

  it('keeps the error of its begin when its end tells none, and else has that of the end', () => {
    const failed: CheckpointEvent = { ...begin, status: 'error', error };
    expect(view(stateOf(failed, end)).error).toEqual(error);
    const other = { type: 'Other', message: 'later' };
    expect(view(stateOf(failed, { ...end, error: other })).error).toEqual(other);
  });

  it('without attributes has none', () => {
    const { attributes: _begins, ...bareBegin } = begin;
    const { attributes: _ends, ...bareEnd } = end;
    for (const node of [stateOf(bareBegin), stateOf(bareEnd), stateOf(bareBegin, bareEnd)]) {
      expect(view(node).attributes).toEqual({});
    }
  });

  it('needs a begin or an end', () => {
    expect(() => view({ begin: null, end: null, lostTs: null })).toThrow('expected a begin or an end, got neither');
  });

  it('stays the same object when an event comes again', () => {
    for (const events of [[begin], [end], [begin, end]]) {
      const node = stateOf(...events);
      for (const event of events) expect(joinNodes(node, nodeOfEvent(event))).toBe(node);
    }
  });

  it('joins each field of two that disagree alike in both orders', () => {
    const other: CheckpointEndEvent = {
      ...end,
      seq: 9,
      ts: T0 + 70,
      parent_id: 0,
      checkpoint: 'a step',
      started_ts: T0 - 5,
      status: 'error',
      duration_ms: 20,
      attributes: { more: true },
      error,
    };
    const expected = {
      parentId: 0,
      checkpoint: 'a step',
      status: 'error',
      startedTs: T0 - 5,
      endedTs: T0 + 70,
      durationMs: 50,
      attributes: { ...end.attributes, more: true },
      error,
      endSeq: 4,
    };
    expect(stateOf(end, other).end).toEqual(expected);
    expect(stateOf(other, end).end).toEqual(expected);
  });
});

describe('an open node', () => {
  const failed: FlowOutcome = { status: 'error', ended_ts: T0 + 80, error };

  it('ends with a flow that failed, and says that it had no end of its own', () => {
    expect(view(stateOf(begin), failed)).toMatchObject({
      status: 'error',
      ended_ts: T0 + 80,
      duration_ms: 80,
      error,
      end_seq: null,
      attributes: { ...begin.attributes, 'flow.unended': true },
    });
  });

  it('that has ended is not touched by its flow', () => {
    for (const node of [stateOf(end), stateOf(begin, end)]) expect(view(node, failed)).toMatchObject({ status: 'ok' });
    const instant = stateOf({ ...begin, status: 'ok' });
    expect(view(instant, failed)).toMatchObject({ status: 'ok', attributes: begin.attributes });
  });

  const lost: CheckpointRecord = { ...view(stateOf(begin)), status: 'lost', ended_ts: T0 + 90, duration_ms: 90 };

  it('is lost when history says that its process died, after its flow ended well', () => {
    const node = joinNodes(stateOf(begin), nodeOfRecord(lost));
    const ended: FlowOutcome = { status: 'ok', ended_ts: T0 + 60, error: null };
    expect(view(node, ended)).toMatchObject({ status: 'lost', ended_ts: T0 + 90, duration_ms: 90 });
    expect(view(node, running)).toMatchObject({ status: 'running', ended_ts: null });
    expect(view(node, failed)).toMatchObject({ status: 'error', ended_ts: T0 + 80 });
    expect(view(stateOf(begin), ended)).toMatchObject({ status: 'running' });
    const later = nodeOfRecord({ ...lost, ended_ts: T0 + 95 });
    expect(view(joinNodes(node, later), ended)).toMatchObject({ ended_ts: T0 + 95 });
    expect(joinNodes(node, nodeOfRecord(lost))).toBe(node);
  });

  it('is open again in what history says of an end that its flow gave it', () => {
    const record = view(stateOf(begin), failed);
    const node = nodeOfRecord(record);
    expect(isOpen(node)).toBe(true);
    expect(node.lostTs).toBeNull();
    expect(view(node)).toEqual(view(stateOf(begin)));
    expect(record.attributes).toHaveProperty(['flow.unended']);
  });
});

describe('what history says of a node', () => {
  it('is taken for its begin while it has no end, and for its end then', () => {
    for (const events of [[begin], [end], [begin, end], [{ ...begin, status: 'ok' as const, duration_ms: 2 }]]) {
      const record = view(stateOf(...events));
      const node = nodeOfRecord(record);
      expect(view(node)).toEqual(record);
      expect([node.begin === null, node.end === null]).toEqual([record.end_seq !== null, record.end_seq === null]);
    }
  });
});
