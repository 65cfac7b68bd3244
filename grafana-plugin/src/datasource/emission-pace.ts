/** The eye takes 20 pictures a second for motion; each one makes Grafana render its panels again. */
export const CALM_MS = 50;
/** Of pictures that differ in nearly all of their rows nobody reads one: half as many cost half as much. */
export const BUSY_MS = 100;
/** Events a ms from which on it is busy: a row of a full screen for each, every 70 ms. */
const BUSY_RATE = 0.4;

/** How long to wait between two emissions, by how many events come. */
export interface EmissionPace {
  count(events: number): void;
  /** @returns ms until the next emission; the count begins anew */
  next(): number;
}

export function createEmissionPace(): EmissionPace {
  let events = 0;
  let waitMs = CALM_MS;
  return {
    count(more) {
      events += more;
    },
    next() {
      waitMs = events / waitMs >= BUSY_RATE ? BUSY_MS : CALM_MS;
      events = 0;
      return waitMs;
    },
  };
}
