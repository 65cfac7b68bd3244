import { NEVER, of, throwError, type Observable } from 'rxjs';
import type { BridgeHealth } from '../../bridge-api';
import { whileAlive } from './while-alive';

/** What was given, and what of the bridge's health was asked for. */
function wait(answer: Observable<string>, health: () => Promise<BridgeHealth>) {
  const given: string[] = [];
  const signals: AbortSignal[] = [];
  const ask = (signal?: AbortSignal): Promise<BridgeHealth> => {
    signals.push(signal!);
    return health();
  };
  const subscription = whileAlive(answer, { health: ask }).subscribe({
    next: (text) => given.push(text),
    error: (error: Error) => given.push(error.message),
    complete: () => given.push('done'),
  });
  return { given, signals, subscription };
}

const hangs = () => new Promise<BridgeHealth>(() => undefined);
const isAlive = () => Promise.resolve({});
const AWAY = expect.stringContaining('The bridge does not answer') as string;

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('an answer of a bridge', () => {
  it('is given at once, and nothing else is asked', () => {
    const { given, signals } = wait(of('u1'), hangs);
    expect(given).toEqual(['u1', 'done']);
    expect(signals).toEqual([]);
  });

  it('fails as it does', () => {
    const { given } = wait(
      throwError(() => new Error('refused')),
      hangs,
    );
    expect(given).toEqual(['refused']);
  });

  it('is waited for as long as the bridge is alive', async () => {
    const { given, signals, subscription } = wait(NEVER, isAlive);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(signals).toHaveLength(1);
    expect(given).toEqual([]);
    subscription.unsubscribe();
  });

  it('is waited for where health can not be asked for', async () => {
    const { given, subscription } = wait(NEVER, () => Promise.reject(new Error('nothing at this address')));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(given).toEqual([]);
    subscription.unsubscribe();
  });

  it('is given up after 3 s of a bridge that hangs, and so is the question', async () => {
    const { given, signals } = wait(NEVER, hangs);
    await jest.advanceTimersByTimeAsync(2_999);
    expect(given).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(given).toEqual([AWAY]);
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  });
});
