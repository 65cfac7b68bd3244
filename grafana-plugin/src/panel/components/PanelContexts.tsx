import React, { type ReactNode } from 'react';
import type { Looks } from '../looks';
import { ClockProvider, type Clock } from './clock-context';
import { LooksProvider } from './looks-context';

/** What everything in a panel is drawn by. */
export function PanelContexts({ clock, looks, children }: { clock: Clock; looks: Looks; children: ReactNode }) {
  return (
    <ClockProvider value={clock}>
      <LooksProvider value={looks}>{children}</LooksProvider>
    </ClockProvider>
  );
}
