import { createFlowIds, flowIdProcess, flowIdTime, isFlowId } from './flow-id';

describe('createFlowIds', () => {
  it('makes ULIDs that tell their time', () => {
    const nextId = createFlowIds();
    const id = nextId(1_764_050_000_123.456);
    expect(isFlowId(id)).toBe(true);
    expect(flowIdTime(id)).toBe(1_764_050_000_123);
  });

  it('tells the time of every id, also of many in turn, and counts on', () => {
    const nextId = createFlowIds(() => 0.25);
    const times = Array.from(
      { length: 5000 },
      (_, i) => 1_764_050_000_000 + Math.floor(i / 2.5) + (i % 7 === 0 ? 5e6 : 0),
    );
    const ids = times.map((ms) => nextId(ms));
    expect(ids.map(flowIdTime)).toEqual(times);
    const counters = ids.map((id) => id.slice(-8));
    expect([...counters].sort()).toEqual(counters);
    expect(new Set(counters).size).toBe(ids.length);
    expect(new Set(ids.map(flowIdProcess)).size).toBe(1);
  });

  it('makes ids that sort by time, then by order of creation', () => {
    const nextId = createFlowIds(() => 0.5);
    const ids = [nextId(1000), nextId(1000), nextId(1001), nextId(2000)];
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(4);
  });

  it('keeps two instances apart', () => {
    expect(createFlowIds()(1000)).not.toBe(createFlowIds()(1000));
  });
});

describe('isFlowId', () => {
  it.each(['', '01ARZ3NDEKTSV4RRFFQ69G5FA', '81ARZ3NDEKTSV4RRFFQ69G5FAV', '01ARZ3NDEKTSV4RRFFQ69G5FAU', 7, null])(
    'refuses %p',
    (value) => {
      expect(isFlowId(value)).toBe(false);
    },
  );

  it('takes the canonical form', () => {
    expect(isFlowId('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe(true);
  });
});
