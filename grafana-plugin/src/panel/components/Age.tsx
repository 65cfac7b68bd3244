import React from 'react';
import { formatAge } from '../format';
import { useWallNow } from '../ticker';
import { fullTime } from '../time-format';
import { useClockOffset } from './clock-context';

interface Props {
  /** Epoch ms, by the servers' clock. */
  ts: number;
  timeZone: string;
  className?: string;
  /** Says it in a sentence. */
  inWords?: (age: string) => string;
}

/** How long ago something was; the time by the clock is its title. */
export function Age({ ts, timeZone, className, inWords = (age) => age }: Props) {
  const nowTs = useWallNow('calm') - useClockOffset();
  return (
    <time className={className} dateTime={new Date(ts).toISOString()} title={fullTime(ts, timeZone)}>
      {inWords(formatAge(nowTs - ts))}
    </time>
  );
}
