/** Causes that are kept apart; beyond it they are forgotten, which at worst tells one again too early. */
const MAX_CAUSES = 1_000;

/** Whether to tell something now: undefined for no, else how often it was not told since the last time. */
export type LogLimit = (cause: string) => number | undefined;

/** Lets each cause be told once a period: something that is away for an hour is worth 60 lines, not 60,000. */
export function createLogLimit(periodMs: number, now: () => number = Date.now): LogLimit {
  const causes = new Map<string, { until: number; untold: number }>();
  return (cause) => {
    const known = causes.get(cause);
    if (known !== undefined && known.until > now()) {
      known.untold += 1;
      return undefined;
    }
    if (causes.size >= MAX_CAUSES) causes.clear();
    causes.set(cause, { until: now() + periodMs, untold: 0 });
    return known?.untold ?? 0;
  };
}
