import { locationService } from '@grafana/runtime';
import { useEffect, useRef, useState } from 'react';
import { formatFilters, isSameFilters, NO_FILTERS, parseFilters, type Filters } from './filters';

/** Who types is not asked for, nor written into the address, at every key. */
const PAUSE_MS = 300;

export interface FiltersInUse {
  /** As the fields show them. */
  readonly typed: Filters;
  /** The same after a pause in typing. */
  readonly applied: Filters;
  readonly change: (part: Partial<Filters>) => void;
  readonly clear: () => void;
}

interface Address {
  readonly pathname: string;
  readonly search: string;
}

/** Filters that stand in the address, so that a reload and a shared link show the same. */
export function useFilters(): FiltersInUse {
  const [typed, setTyped] = useState(() => parseFilters(locationService.getSearch()));
  const [applied, setApplied] = useState(typed);
  /** What the address said when it was read or written last: a change of anything else in it means nothing. */
  const known = useRef(typed);

  useEffect(() => {
    // The types of the package `history` are not at hand.
    const { pathname } = locationService.getLocation() as Address;
    const seen = locationService.getLocationObservable().subscribe((location: Address) => {
      // Another page takes this one away.
      if (location.pathname !== pathname) return;
      const filters = parseFilters(new URLSearchParams(location.search));
      if (isSameFilters(filters, known.current)) return;
      known.current = filters;
      setTyped(filters);
      setApplied(filters);
    });
    return () => seen.unsubscribe();
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => {
      setApplied(typed);
      if (isSameFilters(typed, known.current)) return;
      known.current = typed;
      locationService.partial(formatFilters(typed), true);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);

  return {
    typed,
    applied,
    change: (part) => setTyped((before) => ({ ...before, ...part })),
    clear: () => {
      setTyped(NO_FILTERS);
      setApplied(NO_FILTERS);
    },
  };
}
