import { createFailures, reasonOf } from './failures';
import { createLogger } from './logger';

const timedOut = Object.assign(new Error('canceling statement'), { code: '57014' });
const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const place = (partition: number) => ({ work: 'history_write' as const, partition });

/** Failures and the lines that tell them. */
function setUp() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const failures = createFailures(createLogger('info', 'json', { write }));
  return { failures, lines };
}

describe('createFailures', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('tells a failure at once and then every minute while it lasts', () => {
    const { failures, lines } = setUp();
    for (let second = 0; second < 125; second++) {
      failures.failed(place(3), timedOut);
      jest.advanceTimersByTime(1_000);
    }
    expect(lines).toMatchObject([
      { work: 'history_write', partition: 3, code: '57014', reason: 'canceling statement' },
      { partition: 3, untold: 59 },
      { partition: 3, untold: 59 },
    ]);
  });

  it('tells another partition and another reason apart', () => {
    const { failures, lines } = setUp();
    failures.failed(place(0), timedOut);
    failures.failed(place(1), timedOut);
    failures.failed(place(1), refused);
    expect(lines.map(({ partition, code }) => [partition, code])).toEqual([
      [0, '57014'],
      [1, '57014'],
      [1, 'ECONNREFUSED'],
    ]);
  });

  it('has what fails now until it works again, and says for how long it did not', () => {
    const { failures, lines } = setUp();
    failures.failed(place(0), timedOut);
    failures.failed(place(1), timedOut);
    jest.advanceTimersByTime(90_000);
    failures.succeeded(place(1));
    failures.succeeded(place(1));
    expect([...failures.current()]).toMatchObject([{ work: 'history_write', partition: 0, reason: '57014' }]);
    expect(lines.slice(2)).toMatchObject([{ msg: 'Writing history again', partition: 1, forMs: 90_000 }]);
  });
});

describe('reasonOf', () => {
  it("takes an error's code, the first word of an answer of Redis, or the name", () => {
    expect(reasonOf(timedOut)).toBe('57014');
    expect(reasonOf(new Error('OOM command not allowed'))).toBe('OOM');
    expect(reasonOf(new TypeError('not that'))).toBe('TypeError');
    expect(reasonOf(undefined)).toBe('unknown');
  });
});
