import { useState } from 'react';
import type { Overlay } from '../state/panel-keys';

/** What stands over the panel: one thing at a time. */
export interface OverlayState {
  readonly shown: Overlay | null;
  /** Another number whenever the search was asked to open, also when it is open already. */
  readonly summons: number;
  readonly open: (overlay: Overlay | null) => void;
}

export function useOverlay(): OverlayState {
  const [{ shown, summons }, set] = useState<{ shown: Overlay | null; summons: number }>({ shown: null, summons: 0 });
  return {
    shown,
    summons,
    open: (overlay) => set((before) => ({ shown: overlay, summons: before.summons + (overlay === 'search' ? 1 : 0) })),
  };
}
