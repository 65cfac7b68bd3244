import { createAnswerBudget } from './answer-budget';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => void (settled = true);
  promise.then(settle, settle);
  await turn();
  return settled;
}

describe('the budget of answers', () => {
  const create = () => createAnswerBudget({ maxBytes: 100, startBytes: 10 });

  it('lets in what fits, half of it for one caller, and the others as room is given back', async () => {
    const budget = create();
    const ann = await Promise.all(Array.from({ length: 5 }, () => budget.enter('ann')));
    const sixth = budget.enter('ann');
    expect(await isSettled(sixth)).toBe(false);
    expect(budget.usedBytes).toBe(50);
    ann[0]?.leave();
    ann[0]?.leave();
    expect(await isSettled(sixth)).toBe(true);
    expect(budget.usedBytes).toBe(50);
  });

  it('lets callers take turns, however many answers one of them waits for', async () => {
    const budget = create();
    const held = await Promise.all(['x', 'y'].map((caller) => budget.enter(caller, 50)));
    const order: string[] = [];
    for (const caller of ['ann', 'ann', 'ann', 'bob']) void budget.enter(caller).then(() => order.push(caller));
    await turn();
    held[0]?.leave();
    await turn();
    expect(order).toEqual(['ann', 'bob', 'ann', 'ann']);
  });

  it('lets an answer grow only while nobody waits, and takes back what it does not need', async () => {
    const budget = create();
    const pass = await budget.enter('ann');
    expect([pass.growTo(40), pass.growTo(30), pass.growTo(60)]).toEqual([true, true, false]);
    await budget.enter('bob', 50);
    const late = budget.enter('cy', 20);
    expect(await isSettled(late)).toBe(false);
    expect(pass.growTo(50)).toBe(false);
    pass.made(5, () => undefined);
    expect(await isSettled(late)).toBe(true);
    expect(budget.usedBytes).toBe(75);
  });

  it('cuts off what is not read once others wait, and refuses those that wait in vain', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    try {
      const budget = create();
      const [unread] = await Promise.all(['ann', 'bob'].map((caller) => budget.enter(caller, 50)));
      const cutOff = jest.fn(() => unread?.leave());
      unread?.made(50, cutOff);
      jest.advanceTimersByTime(60_000);
      expect(cutOff).not.toHaveBeenCalled();
      const late = budget.enter('cy');
      jest.advanceTimersByTime(1_000);
      expect(cutOff).toHaveBeenCalledTimes(1);
      expect(await isSettled(late)).toBe(true);
      const inVain = budget.enter('bob');
      jest.advanceTimersByTime(10_000);
      await expect(inVain).rejects.toMatchObject({ code: 'busy', httpStatus: 503, retryAfterS: expect.any(Number) });
    } finally {
      jest.useRealTimers();
    }
  });
});
