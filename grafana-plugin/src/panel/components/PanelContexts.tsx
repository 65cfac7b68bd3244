import React, { type ReactNode } from 'react';
import type { Looks } from '../looks';
import { ClockProvider, type Clock } from './clock-context';
import { FiguresProvider, type Figures } from './figures-context';
import { LooksProvider } from './looks-context';

interface Props {
  clock: Clock;
  looks: Looks;
  figures: Figures;
  children: ReactNode;
}

/** What everything in a panel is drawn by. */
export function PanelContexts({ clock, looks, figures, children }: Props) {
  return (
    <ClockProvider value={clock}>
      <LooksProvider value={looks}>
        <FiguresProvider value={figures}>{children}</FiguresProvider>
      </LooksProvider>
    </ClockProvider>
  );
}
