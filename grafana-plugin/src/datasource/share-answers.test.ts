import { shareAnswers } from './share-answers';

/** Requests that are answered when the test says so. */
function createRequests() {
  const requests: { filter: object; signal: AbortSignal; resolve(answer: string): void; reject(error: Error): void }[] =
    [];
  const ask = (filter: object, signal?: AbortSignal) =>
    new Promise<string>((resolve, reject) => requests.push({ filter, signal: signal!, resolve, reject }));
  return { requests, ask: shareAnswers(ask) };
}

describe('shareAnswers', () => {
  it('asks once for all who ask for the same, and again once that is answered', async () => {
    const { requests, ask } = createRequests();
    const answers = [ask({ from: 1 }), ask({ from: 1 }), ask({ from: 2 })];
    expect(requests.map(({ filter }) => filter)).toEqual([{ from: 1 }, { from: 2 }]);
    requests[0]?.resolve('a');
    requests[1]?.resolve('b');
    expect(await Promise.all(answers)).toEqual(['a', 'a', 'b']);
    void ask({ from: 1 });
    expect(requests).toHaveLength(3);
  });

  it('tells everyone that it failed', async () => {
    const { requests, ask } = createRequests();
    const answers = Promise.allSettled([ask({ from: 1 }), ask({ from: 1 })]);
    requests[0]?.reject(new Error('down'));
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    void ask({ from: 1 });
    expect(requests).toHaveLength(2);
  });

  it('gives up only with the last who waits', async () => {
    const { requests, ask } = createRequests();
    const [first, second] = [new AbortController(), new AbortController()];
    const answers = Promise.allSettled([ask({ from: 1 }, first.signal), ask({ from: 1 }, second.signal)]);
    first.abort();
    expect(requests[0]?.signal.aborted).toBe(false);
    second.abort();
    expect(requests[0]?.signal.aborted).toBe(true);
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('asks anew after it was given up, and for who has left it asks nothing', async () => {
    const { requests, ask } = createRequests();
    const gone = new AbortController();
    ask({ from: 1 }, gone.signal).catch(() => undefined);
    gone.abort();
    const answer = ask({ from: 1 });
    requests[1]?.resolve('a');
    expect(await answer).toBe('a');
    await expect(ask({ from: 3 }, gone.signal)).rejects.toThrow('aborted');
    expect(requests).toHaveLength(2);
  });
});
