/** How much of a suite runs: `npm test` takes a short case of each kind, `npm run test:all` has time for all of it. */
let isInFull = false;

/** For a file that runs another file's suite in full; to be called before that is imported. */
export function useFullLength(): void {
  isInFull = true;
}

/** Whether this is a file `*.long.integration.test.ts`. */
export const inFull = (): boolean => isInFull;

/** A size or a count of repetitions. */
export const times = (sizes: { short: number; full: number }): number => (isInFull ? sizes.full : sizes.short);
