import type { Matches } from '../layout/matches';

/** `3 of 17`, `17 matches`, `No match`; with an ellipsis while the flow is still looked through. */
export function matchText(
  { isActive, isDone, count }: Pick<Matches, 'isActive' | 'isDone' | 'count'>,
  rank: number,
): string {
  if (!isActive) return '';
  const all = `${count.toLocaleString('en')}${isDone ? '' : ' …'}`;
  if (rank > 0) return `${rank.toLocaleString('en')} of ${all}`;
  if (count === 0 && isDone) return 'No match';
  return count === 1 && isDone ? '1 match' : `${all} matches`;
}
