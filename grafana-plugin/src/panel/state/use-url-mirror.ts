import { locationService } from '@grafana/runtime';
import { useEffect, useRef, type Dispatch } from 'react';
import type { Link, PanelAction } from './panel-state';
import { formatLink, isSameLink, parseLink } from './url';

/** Someone who steps through flows does not fill the browser's memory of addresses. */
const WRITE_AFTER_MS = 300;

interface Address {
  readonly pathname: string;
  readonly search: string;
}

/** What the page's address says of a panel. */
export function readLink(panelId: number): Link {
  return parseLink(locationService.getSearch(), panelId);
}

/**
 * Keeps the page's address up with what is shown, so that a reload and a shared link show the same; and takes in what a link
 * or the browser's back and forward say.
 */
export function useUrlMirror(
  panelId: number,
  { flowId, nodeId, view, compareId = null }: Link,
  dispatch: Dispatch<PanelAction>,
): void {
  /** What the address said of this panel when it was read or written last: a change of anything else means nothing. */
  const known = useRef<Link | null>(null);
  known.current ??= readLink(panelId);

  useEffect(() => {
    // The types of the package `history` are not at hand.
    const { pathname } = locationService.getLocation() as Address;
    const seen = locationService.getLocationObservable().subscribe((location: Address) => {
      // Another page takes the panel away.
      if (location.pathname !== pathname) return;
      const link = parseLink(new URLSearchParams(location.search), panelId);
      if (known.current !== null && isSameLink(link, known.current)) return;
      known.current = link;
      dispatch({ type: 'link', link });
    });
    return () => seen.unsubscribe();
  }, [panelId, dispatch]);

  useEffect(() => {
    const timer = setTimeout(() => {
      const query = locationService.getSearch();
      const wanted = Object.entries(formatLink({ flowId, nodeId, view, compareId }, panelId));
      if (wanted.every(([name, value]) => query.get(name) === value)) return;
      known.current = parseLink(
        new URLSearchParams(wanted.filter((entry): entry is [string, string] => entry[1] !== null)),
        panelId,
      );
      locationService.partial(Object.fromEntries(wanted), true);
    }, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [panelId, flowId, nodeId, view, compareId]);
}
