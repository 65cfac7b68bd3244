/** Asks for what a filter describes; rejects when the signal gives up. */
type Ask<Filter extends object, Answer> = (filter: Filter, signal?: AbortSignal) => Promise<Answer>;

interface Shared<Answer> {
  readonly answer: Promise<Answer>;
  readonly abort: AbortController;
  waiting: number;
}

/**
 * One request for all who ask for the same at the same time, as the panels of a dashboard do. It is given up with the last
 * of them, and is forgotten once it has ended.
 */
export function shareAnswers<Filter extends object, Answer>(ask: Ask<Filter, Answer>): Ask<Filter, Answer> {
  const running = new Map<string, Shared<Answer>>();

  const begin = (key: string, filter: Filter): Shared<Answer> => {
    const abort = new AbortController();
    const answer = ask(filter, abort.signal);
    const shared = { answer, abort, waiting: 0 };
    const forget = (): void => {
      if (running.get(key) === shared) running.delete(key);
    };
    answer.then(forget, forget);
    abort.signal.addEventListener('abort', forget);
    running.set(key, shared);
    return shared;
  };

  return async (filter, signal) => {
    signal?.throwIfAborted();
    const key = JSON.stringify(filter);
    const shared = running.get(key) ?? begin(key, filter);
    shared.waiting += 1;
    return new Promise<Answer>((resolve, reject) => {
      const leave = (): void => {
        reject(signal?.reason as Error);
        shared.waiting -= 1;
        if (shared.waiting === 0) shared.abort.abort();
      };
      signal?.addEventListener('abort', leave, { once: true });
      void shared.answer.then(resolve, reject).finally(() => signal?.removeEventListener('abort', leave));
    });
  };
}
