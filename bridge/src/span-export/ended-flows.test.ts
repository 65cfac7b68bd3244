import { setImmediate } from 'node:timers/promises';
import { EndedFlows } from './ended-flows';

const never = new AbortController().signal;

describe('flows that wait to be sent', () => {
  it('are taken in order once they are due, and no more than asked for', () => {
    const flows = new EndedFlows(10);
    for (const [id, dueMs] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const)
      flows.add(id, dueMs);
    expect(flows.take(0, 5)).toEqual([]);
    expect(flows.take(2, 1)).toEqual(['a']);
    expect(flows.take(2, 5)).toEqual(['b']);
    expect(flows.size).toBe(1);
  });

  it('are each there once, and at most as many as there is room for', () => {
    const flows = new EndedFlows(2);
    expect([flows.add('a', 1), flows.add('a', 9), flows.add('b', 1), flows.add('c', 1)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(flows.take(5, 5)).toEqual(['a', 'b']);
  });

  it('are waited for until one is due, or nobody wants them', async () => {
    const flows = new EndedFlows(2);
    let isDue = false;
    const waiting = flows.whenDue(never).then(() => (isDue = true));
    await setImmediate();
    expect(isDue).toBe(false);
    flows.add('a', performance.now() + 20);
    await waiting;
    expect(flows.take(performance.now(), 1)).toEqual(['a']);
    const leaving = new AbortController();
    const left = flows.whenDue(leaving.signal);
    leaving.abort();
    await left;
  });
});
