import type { DataFrame, GrafanaTheme2 } from '@grafana/data';
import { createContext, useContext, useMemo, useRef } from 'react';
import { createLooks, DEFAULT_LOOKS, looksConfig, type Looks, type LooksConfig } from '../looks';
import { isSameValue } from '../state/same-value';

const LooksContext = createContext<Looks>(DEFAULT_LOOKS);

export const LooksProvider = LooksContext.Provider;

/** How durations and checkpoints are to look; the same object until a dashboard sets something else. */
export function useLooks(): Looks {
  return useContext(LooksContext);
}

/** The looks that the fields of these frames ask for. Grafana makes new fields for each emission of a live query. */
export function useLooksOf(frames: readonly DataFrame[], theme: GrafanaTheme2): Looks {
  const kept = useRef<LooksConfig | null>(null);
  const config = looksConfig(frames);
  if (!isSameValue(kept.current, config)) kept.current = config;
  const settled = kept.current ?? config;
  return useMemo(() => createLooks(settled, theme), [settled, theme]);
}
