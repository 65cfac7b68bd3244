import { createFlowIds, flowIdTime, isFlowId } from './flow-id';

describe('createFlowIds', () => {
  it('makes ULIDs that tell their time', () => {
    const nextId = createFlowIds();
    const id = nextId(1_764_050_000_123.456);
    expect(isFlowId(id)).toBe(true);
    expect(flowIdTime(id)).toBe(1_764_050_000_123);
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
