import { AsyncLocalStorage } from 'node:async_hooks';
import { createClock, createRootTimers, createStayAlive, Deadlines, type Deadline } from './time';

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

describe('the clock', () => {
  /** Both clocks as the test sets them; ours began at 100 when the wall's was 1,000,000. */
  function createClocks() {
    const at = { wall: 1_000_000, monotonic: 100 };
    const clock = createClock(
      () => at.wall,
      () => at.monotonic,
    );
    /** Both go on, the wall clock by so much more. */
    const pass = (ms: number, aheadMs = 0): number => {
      at.monotonic += ms;
      at.wall += ms + aheadMs;
      return clock.epoch(clock.now()) - at.wall;
    };
    return { clock, pass };
  }

  it('counts the epoch in whole µs', () => {
    const { clock } = createClocks();
    expect(clock.now()).toBe(100);
    expect(clock.epoch(101.23456)).toBe(1_000_001.235);
  });

  it('follows a wall clock that is more than 20 ms ahead, which it looks at once a second', () => {
    const { pass } = createClocks();
    expect(pass(999, 21)).toBe(-21);
    expect(pass(1)).toBe(0);
    expect(pass(999, 21)).toBe(-21);
    expect(pass(1)).toBe(0);
    expect(pass(1_000, 20)).toBe(-20);
  });

  it('never steps back', () => {
    const { pass } = createClocks();
    expect(pass(5_000, -60_000)).toBe(60_000);
  });
});

describe('root timers', () => {
  it('run without the request that starts them, and hold no process', async () => {
    jest.useRealTimers();
    const request = new AsyncLocalStorage<string>();
    const startTimer = createRootTimers();
    const seen = await new Promise<unknown>((resolve) => {
      request.run('one', () => {
        const timer = startTimer(() => resolve([request.getStore(), timer.hasRef()]), 1);
        timer.ref();
      });
    });
    expect(seen).toEqual([undefined, true]);
    const timer = startTimer(() => undefined, 1);
    expect(timer.hasRef()).toBe(false);
    clearTimeout(timer);
  });
});

describe('what keeps the process alive', () => {
  const create = () => {
    const stayAlive = createStayAlive(1_000, setTimeout);
    /** Whether it still does so much later. */
    const lasts = (ms: number): boolean => {
      jest.advanceTimersByTime(ms);
      return jest.getTimerCount() > 0;
    };
    return { stayAlive, lasts };
  };

  it('lasts so long from the begin, however often that is told', () => {
    const { stayAlive, lasts } = create();
    expect(lasts(0)).toBe(false);
    stayAlive.begin();
    expect(lasts(500)).toBe(true);
    stayAlive.begin();
    expect(lasts(499)).toBe(true);
    expect(lasts(1)).toBe(false);
  });

  it('does not begin again once it has given up, until there is progress or nothing waits', () => {
    const { stayAlive, lasts } = create();
    for (const goOn of [() => stayAlive.renew(), () => stayAlive.end()]) {
      stayAlive.begin();
      stayAlive.giveUp();
      stayAlive.begin();
      expect(lasts(0)).toBe(false);
      goOn();
      stayAlive.begin();
      expect(lasts(999)).toBe(true);
      expect(lasts(1)).toBe(false);
      stayAlive.end();
    }
  });

  it('lasts so long anew with each progress', () => {
    const { stayAlive, lasts } = create();
    stayAlive.begin();
    jest.advanceTimersByTime(600);
    stayAlive.renew();
    expect(lasts(999)).toBe(true);
    expect(lasts(1)).toBe(false);
    stayAlive.renew();
    expect(lasts(0)).toBe(true);
    stayAlive.end();
    expect(lasts(0)).toBe(false);
  });
});
