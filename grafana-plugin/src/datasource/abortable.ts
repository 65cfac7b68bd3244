import { Observable } from 'rxjs';

/** Gives what `work` resolves to. Whoever unsubscribes before gives it up: its signal is aborted. */
export function abortable<T>(work: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return new Observable((observer) => {
    const abort = new AbortController();
    work(abort.signal).then(
      (value) => {
        observer.next(value);
        observer.complete();
      },
      (error: unknown) => observer.error(error),
    );
    return () => abort.abort();
  });
}
