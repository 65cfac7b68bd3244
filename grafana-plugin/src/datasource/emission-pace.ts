import { forkJoin, merge, Subject, take, timer, type Observable } from 'rxjs';

/** The eye takes 20 pictures a second for motion; each one makes Grafana render its panels again. */
export const CALM_MS = 50;
/** Of pictures that differ in nearly all of their rows nobody reads one: half as many cost half as much. */
export const BUSY_MS = 100;
/** Events a ms from which on it is busy: a row of a full screen for each, every 70 ms. */
const BUSY_RATE = 0.4;
/** What was under way for so much longer than other events does not wait for a busy turn, too. */
export const LATE_MS = 80;

/** How long to wait between two emissions, by how many events come, and how late they are. */
export interface EmissionPace {
  /** @param lateMs how much longer the oldest of them was under way than the quickest event so far */
  count(events: number, lateMs?: number): void;
  /** Emits when the next emission is due; the count begins anew. */
  next(): Observable<unknown>;
}

export function createEmissionPace(): EmissionPace {
  const late = new Subject<void>();
  let events = 0;
  let waitMs = CALM_MS;
  return {
    count(more, lateMs = 0) {
      events += more;
      if (lateMs >= LATE_MS) late.next();
    },
    next() {
      waitMs = events / waitMs >= BUSY_RATE ? BUSY_MS : CALM_MS;
      events = 0;
      if (waitMs === CALM_MS) return timer(CALM_MS);
      return merge(timer(BUSY_MS), forkJoin([timer(CALM_MS), late.pipe(take(1))])).pipe(take(1));
    },
  };
}
