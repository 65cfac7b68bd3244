import { createContext, useContext } from 'react';
import { DEFAULT_CURRENCY } from '../../frames/prices';
import { createSlowLimits, type SlowLimits } from '../layout/slow-limits';

/** What durations and tokens of the shown flow are told with; the same object as long as it says the same. */
export interface Figures {
  readonly slow: SlowLimits;
  /** Code of ISO 4217, of all costs. */
  readonly currency: string;
  /** Some node of the flow tells tokens, */
  readonly hasTokens: boolean;
  /** and some has a cost. */
  readonly hasCost: boolean;
}

const FiguresContext = createContext<Figures>({
  slow: createSlowLimits(null, []),
  currency: DEFAULT_CURRENCY,
  hasTokens: false,
  hasCost: false,
});

export const FiguresProvider = FiguresContext.Provider;

export function useFigures(): Figures {
  return useContext(FiguresContext);
}
