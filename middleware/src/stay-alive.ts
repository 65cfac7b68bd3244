/** Keeps the process alive for a while. */
export interface StayAlive {
  /** Something waits to be written. */
  begin(): void;
  /** Some of it was written, or the connection has just come up. */
  renew(): void;
  /** Nothing waits any more. */
  end(): void;
  /** What waits can't be written now: the process may go, until {@link renew} or {@link end}. */
  giveUp(): void;
}

/**
 * The connections do not hold the process, so that a host which has closed its server exits. What it recorded last would
 * go with it; so while something waits the process stays, for at most `maxMs` without progress.
 *
 * @param startTimer `setTimeout` in an async context that holds no request
 */
export function createStayAlive(maxMs: number, startTimer: (fn: () => void, ms: number) => NodeJS.Timeout): StayAlive {
  let timer: NodeJS.Timeout | undefined;
  let hasGivenUp = false;
  const giveUp = (): void => {
    clearTimeout(timer);
    timer = undefined;
    hasGivenUp = true;
  };
  const begin = (): void => {
    if (timer === undefined && !hasGivenUp) timer = startTimer(giveUp, maxMs).ref();
  };
  return {
    begin,
    renew() {
      hasGivenUp = false;
      if (timer === undefined) begin();
      else timer.refresh();
    },
    end() {
      clearTimeout(timer);
      timer = undefined;
      hasGivenUp = false;
    },
    giveUp,
  };
}
