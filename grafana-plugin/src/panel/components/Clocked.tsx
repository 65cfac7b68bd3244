import React, { type ReactNode } from 'react';
import { ClockProvider, type Clock } from './clock-context';

/** A box whose content counts times by a clock of its own. */
export function Clocked({ clock, className, children }: { clock: Clock; className: string; children: ReactNode }) {
  return (
    <ClockProvider value={clock}>
      <div className={className}>{children}</div>
    </ClockProvider>
  );
}
