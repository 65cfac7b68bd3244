import { locationService } from '@grafana/runtime';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { readAddress, writeAddress, type ExploreAddress } from './explore-address';

/** What is asked, and how to change it. */
export interface Explore {
  address: ExploreAddress;
  /** Goes up whenever it is to be asked again. */
  runs: number;
  /** Changes what will be asked with the next run. */
  edit(this: void, changes: Partial<ExploreAddress>): void;
  /** Changes it, puts it into the browser's address, and asks. */
  run(this: void, changes?: Partial<ExploreAddress>): void;
}

/** The state of Explore. An address that the browser comes to by itself, as by its back button, is asked as well. */
export function useExplore(): Explore {
  const { search } = useLocation();
  const [state, setState] = useState(() => ({ address: readAddress(search), runs: 0 }));
  const latest = useRef(state);
  const written = useRef(partOf(state.address));

  const edit = useCallback((changes: Partial<ExploreAddress>, runs = 0): void => {
    latest.current = { address: { ...latest.current.address, ...changes }, runs: latest.current.runs + runs };
    setState(latest.current);
  }, []);
  const run = useCallback(
    (changes: Partial<ExploreAddress> = {}): void => {
      edit(changes, 1);
      const next = writeAddress(latest.current.address);
      written.current = partOf(latest.current.address);
      const shown = locationService.getSearch();
      if (Object.entries(next).every(([name, value]) => shown.get(name) === value)) return;
      locationService.partial(next);
    },
    [edit],
  );
  useEffect(() => {
    const address = readAddress(search);
    if (partOf(address) === written.current) return;
    written.current = partOf(address);
    edit(address, 1);
  }, [search, edit]);

  return { ...state, edit, run };
}

/** What of the browser's address is Explore's: panels keep their own state beside it. */
const partOf = (address: ExploreAddress): string => JSON.stringify(writeAddress(address));
