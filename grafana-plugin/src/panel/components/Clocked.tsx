import React, { type ReactNode } from 'react';
import { ClockProvider, type Clock } from './clock-context';

interface Props {
  clock: Clock;
  className: string;
  /** Something lies over all of it. */
  isCovered: boolean;
  children: ReactNode;
}

/** A box whose content counts times by a clock of its own. */
export function Clocked({ clock, className, isCovered, children }: Props) {
  return (
    <ClockProvider value={clock}>
      <div className={className} data-covered={isCovered}>
        {children}
      </div>
    </ClockProvider>
  );
}
