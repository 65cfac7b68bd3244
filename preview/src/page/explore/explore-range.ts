import { dateTime, rangeUtil, type DateTime, type TimeRange } from '@grafana/data';
import type { ExploreAddress } from './explore-address';

type Ends = Pick<ExploreAddress, 'from' | 'to'>;

/** The range as it is now; relative ends are reckoned from this moment. */
export function rangeOf({ from, to }: Ends): TimeRange {
  return rangeUtil.convertRawToRange({ from: readEnd(from), to: readEnd(to) });
}

/** As the address has it: relative ends stay relative, others become epoch ms. */
export function endsOf({ raw }: TimeRange): Ends {
  return { from: writeEnd(raw.from), to: writeEnd(raw.to) };
}

/** Moves by half of the range's own length. */
export function movedBy(halves: -1 | 1, { from, to }: TimeRange): Ends {
  const by = (halves * (to.valueOf() - from.valueOf())) / 2;
  return { from: String(Math.round(from.valueOf() + by)), to: String(Math.round(to.valueOf() + by)) };
}

/** Twice as long, around the same middle. */
export function zoomedOut({ from, to }: TimeRange): Ends {
  const by = (to.valueOf() - from.valueOf()) / 2;
  return { from: String(Math.round(from.valueOf() - by)), to: String(Math.round(to.valueOf() + by)) };
}

function readEnd(text: string): DateTime | string {
  return /^\d+$/.test(text) ? dateTime(Number(text)) : text;
}

function writeEnd(end: DateTime | string): string {
  return typeof end === 'string' ? end : String(end.valueOf());
}
