import { createUnreadLimit } from './unread-limit';

const KB = 1024;

/** A client for which so much waits. */
const createReader = (bytes: number, cutOff: () => void) => ({ unreadBytes: () => bytes, cutOff });

describe('the limit of what is unread', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('cuts off those for which most waits, until the rest is below it', () => {
    const limit = createUnreadLimit(1_000 * KB);
    const cutOff: number[] = [];
    for (const kb of [100, 900, 300, 500]) limit.add(createReader(kb * KB, () => cutOff.push(kb)));
    jest.advanceTimersByTime(500);
    expect(cutOff).toEqual([900]);
    limit.stop();
  });

  it('leaves alone who holds no more than a share, and forgets who has gone', () => {
    const limit = createUnreadLimit(100 * KB);
    const cutOff = jest.fn();
    for (let i = 0; i < 10; i++) limit.add(createReader(90 * KB, cutOff));
    const gone = createReader(900 * KB, cutOff);
    limit.add(gone);
    limit.remove(gone);
    jest.advanceTimersByTime(1_000);
    expect(cutOff).not.toHaveBeenCalled();
    limit.stop();
  });
});
