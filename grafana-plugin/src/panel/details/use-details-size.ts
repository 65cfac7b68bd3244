import { useCallback, useState } from 'react';
import { sizeWithin, type Placement, type SizeLimits } from './placement';

/** Sizes that a person has set, px, of all panels in this browser. */
const KEY = 'flowtracking.details.size';

type Kept = Partial<Record<Placement, number>>;

/** Storage may be off, full, or hold anything. */
function read(): Kept {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter(([, px]) => typeof px === 'number' && Number.isFinite(px) && px > 0),
    );
  } catch {
    return {};
  }
}

function write(kept: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Then it is for this time only.
  }
}

/** @returns the size in px, and sets another one; null is the usual one */
export function useDetailsSize(placement: Placement, limits: SizeLimits): [number, (px: number | null) => void] {
  const [kept, setKept] = useState(read);
  const set = useCallback(
    (px: number | null) => {
      const { [placement]: _, ...others } = read();
      const next = px === null ? others : { ...others, [placement]: Math.round(px) };
      write(next);
      setKept(next);
    },
    [placement],
  );
  return [sizeWithin(limits, kept[placement] ?? null), set];
}
