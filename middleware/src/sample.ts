/**
 * Decides whether a flow is recorded.
 *
 * @param share of the flows, 0 to 1, or a boolean; anything else is taken for 1, since losing flows silently is worse
 * @param random uniform in [0, 1)
 */
export function isSampled(share: unknown, random: () => number = Math.random): boolean {
  if (typeof share === 'boolean') return share;
  return typeof share !== 'number' || share >= 1 || !(random() >= share);
}
