import { Deadlines, type Deadline } from './time';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function create() {
  const due: string[] = [];
  const deadlines = new Deadlines(100, () => performance.now(), setTimeout);
  const addCall = (onDue: () => void): Deadline => {
    const deadline: Deadline = { dueMs: 0, previous: undefined, next: undefined, onDue };
    deadlines.add(deadline);
    return deadline;
  };
  const add = (name: string) => addCall(() => due.push(name));
  return { deadlines, due, add, addCall };
}

describe('Deadlines', () => {
  it('call each once, in order, within twice the time', () => {
    const { due, add } = create();
    add('a');
    jest.advanceTimersByTime(60);
    add('b');
    jest.advanceTimersByTime(39);
    expect(due).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(due).toEqual(['a']);
    jest.advanceTimersByTime(100);
    expect(due).toEqual(['a', 'b']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([[[0]], [[1]], [[2]], [[0, 1]], [[1, 2]], [[2, 0]], [[0, 1, 2]]])(
    'do not call %p, which was cancelled',
    (cancelled) => {
      const { deadlines, due, add } = create();
      const all = ['0', '1', '2'].map(add);
      for (const i of cancelled) {
        const deadline = all[i];
        // A second time changes nothing.
        if (deadline !== undefined) for (let times = 0; times < 2; times++) deadlines.cancel(deadline);
      }
      add('3');
      jest.advanceTimersByTime(200);
      expect(due).toEqual(['0', '1', '2', '3'].filter((name) => !cancelled.includes(Number(name))));
    },
  );

  it('may be added to and cancelled by what they call', () => {
    const { deadlines, due, add, addCall } = create();
    addCall(() => {
      due.push('first');
      deadlines.cancel(second);
      add('third');
    });
    const second = add('second');
    jest.advanceTimersByTime(200);
    expect(due).toEqual(['first', 'third']);
  });

  it('have no timer when they are closed', () => {
    const { deadlines, due, add } = create();
    add('a');
    deadlines.close();
    jest.advanceTimersByTime(1000);
    expect(due).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
