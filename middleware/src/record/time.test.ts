import { AsyncLocalStorage } from 'node:async_hooks';
import { createClock, createRootTimers, Deadlines, StayAlive, Waiters } from './time';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function create() {
  const due: string[] = [];
  const calls = new Map<string, () => void>();
  /** For how long each timer was started. */
  const slept: number[] = [];
  const deadlines = new Deadlines<string>(
    100,
    () => performance.now(),
    (fn, ms) => {
      slept.push(ms);
      return setTimeout(fn, ms);
    },
    (name) => {
      due.push(name);
      calls.get(name)?.();
    },
  );
  return { deadlines, due, calls, slept };
}

describe('Deadlines', () => {
  it('call each once, in order, within twice the time', () => {
    const { deadlines, due } = create();
    deadlines.add('a');
    jest.advanceTimersByTime(60);
    deadlines.add('b');
    jest.advanceTimersByTime(39);
    expect(due).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(due).toEqual(['a']);
    jest.advanceTimersByTime(100);
    expect(due).toEqual(['a', 'b']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([[['0']], [['1']], [['2']], [['0', '1']], [['1', '2']], [['2', '0']], [['0', '1', '2']]])(
    'do not call %p, which was cancelled',
    (cancelled) => {
      const { deadlines, due } = create();
      for (const name of ['0', '1', '2']) deadlines.add(name);
      // A second time changes nothing.
      for (const name of [...cancelled, ...cancelled]) deadlines.cancel(name);
      deadlines.add('3');
      jest.advanceTimersByTime(200);
      expect(due).toEqual(['0', '1', '2', '3'].filter((name) => !cancelled.includes(name)));
    },
  );

  it('may be added to and cancelled by what they call', () => {
    const { deadlines, due, calls } = create();
    calls.set('first', () => {
      deadlines.cancel('second');
      deadlines.add('third');
    });
    deadlines.add('first');
    deadlines.add('second');
    jest.advanceTimersByTime(100);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(100);
    expect(due).toEqual(['first', 'third']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sleep until the next one is due', () => {
    const { deadlines, due, slept } = create();
    deadlines.add('a');
    jest.advanceTimersByTime(60);
    deadlines.add('b');
    jest.advanceTimersByTime(100);
    expect(due).toEqual(['a', 'b']);
    expect(slept).toEqual([100, 60]);
  });

  it('have no timer when they are closed', () => {
    const { deadlines, due } = create();
    deadlines.add('a');
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

  it('is that of the process and of its machine unless told otherwise', () => {
    jest.useRealTimers();
    const from = [performance.now(), Date.now()] as const;
    const clock = createClock();
    const nowMs = clock.now();
    const epochMs = clock.epoch(nowMs);
    expect(nowMs).toBeGreaterThanOrEqual(from[0]);
    expect(nowMs).toBeLessThanOrEqual(performance.now());
    expect(epochMs).toBeGreaterThanOrEqual(from[1]);
    // The wall clock tells whole ms.
    expect(epochMs).toBeLessThanOrEqual(Date.now() + 1);
  });

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
    const stayAlive = new StayAlive(1_000, setTimeout);
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

describe('those who wait', () => {
  const create = () => {
    const waiters = new Waiters(setTimeout);
    const state = { isDone: false };
    const ended: string[] = [];
    /** Ends are told once the promises of before have settled. */
    const endedNow = async (): Promise<string[]> => {
      await jest.advanceTimersByTimeAsync(0);
      return ended;
    };
    const wait = (name: string, givesUp: boolean): void => {
      void waiters.until(() => state.isDone, 1_000, givesUp).then(() => ended.push(name));
    };
    return { waiters, state, endedNow, wait };
  };

  it('wait for nothing that is done', async () => {
    const { waiters, state, endedNow, wait } = create();
    state.isDone = true;
    wait('a', false);
    expect(waiters.size).toBe(0);
    expect(await endedNow()).toEqual(['a']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('end once it is done, and leave no timer', async () => {
    const { waiters, state, endedNow, wait } = create();
    wait('a', false);
    wait('b', true);
    waiters.settle();
    expect(await endedNow()).toEqual([]);
    expect(waiters.size).toBe(2);
    state.isDone = true;
    waiters.settle();
    expect(await endedNow()).toEqual(['a', 'b']);
    expect(waiters.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('end after their time', async () => {
    const { waiters, endedNow, wait } = create();
    wait('a', false);
    jest.advanceTimersByTime(999);
    expect(await endedNow()).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(await endedNow()).toEqual(['a']);
    expect(waiters.size).toBe(0);
  });

  it('give up, if they may, when Redis can not be reached', async () => {
    const { waiters, endedNow, wait } = create();
    wait('a', false);
    wait('b', true);
    waiters.settle(true);
    expect(await endedNow()).toEqual(['b']);
    expect(waiters.size).toBe(1);
  });
});
