import { t } from '../../texts/t';
import type { Matches } from '../layout/matches';

/** `3 of 17`, `17 matches`, `No match`; with an ellipsis while the flow is still looked through. */
export function matchText(
  { isActive, isDone, count }: Pick<Matches, 'isActive' | 'isDone' | 'count'>,
  rank: number,
): string {
  if (!isActive) return '';
  if (rank > 0) return t(isDone ? 'find.rank' : 'find.rank-so-far', { rank, all: count });
  if (!isDone) return t('find.matches-so-far', { number: count });
  return count === 0 ? t('find.no-match') : t('find.matches', { count });
}
