import type { CheckpointSummary } from '@flow-tracking/protocol';
import {
  BehaviorSubject,
  concat,
  defer,
  distinctUntilChanged,
  finalize,
  from,
  map,
  of,
  timer,
  type Observable,
} from 'rxjs';
import { isSameHistory, toHistory, type CheckpointHistory } from '../frames/history';

/** The figures are of a day: they hardly change within a minute. */
export const REFRESH_MS = 60_000;

/**
 * What checkpoints did in the last 24 hours, asked for once for all queries of a datasource. It never fails: without an
 * answer it is what it was, null at first, and it is asked for again a minute later.
 */
export interface CheckpointHistorySource {
  /** What is known now, then whatever changes; asks every minute while someone watches. The same object while it is the same. */
  watch(): Observable<CheckpointHistory | null>;
  /** What is known now, then once more when that was old; ends by itself. */
  read(): Observable<CheckpointHistory | null>;
}

export function createCheckpointHistory(load: () => Promise<CheckpointSummary>): CheckpointHistorySource {
  const known = new BehaviorSubject<CheckpointHistory | null>(null);
  let askedTs = -Infinity;
  let pending: Promise<void> | null = null;
  let watchers = 0;
  let stop: (() => void) | undefined;

  /** The answer counts also when nobody watches any more: queries end and start again whenever a variable changes. */
  const ask = (): Promise<void> => {
    askedTs = Date.now();
    pending ??= load()
      .then(
        (summary) => {
          const history = toHistory(summary);
          if (!isSameHistory(known.value, history)) known.next(history);
        },
        () => undefined,
      )
      .finally(() => (pending = null));
    return pending;
  };

  const start = (): void => {
    const timing = timer(Math.max(0, askedTs + REFRESH_MS - Date.now()), REFRESH_MS).subscribe(() => void ask());
    stop = () => timing.unsubscribe();
  };

  return {
    watch: () =>
      defer(() => {
        if (watchers++ === 0) start();
        return known.pipe(
          finalize(() => {
            if (--watchers === 0) stop?.();
          }),
        );
      }),
    read: () =>
      defer(() => {
        const isFresh = pending === null && Date.now() - askedTs < REFRESH_MS;
        const now = of(known.value);
        if (isFresh) return now;
        return concat(now, from(ask()).pipe(map(() => known.value))).pipe(distinctUntilChanged());
      }),
  };
}
