/** @param {readonly number[]} sorted @param {number} share 0 to 1 @returns {number} NaN of nothing */
export const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
