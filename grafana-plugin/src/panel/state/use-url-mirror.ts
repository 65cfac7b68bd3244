import { locationService } from '@grafana/runtime';
import { useEffect } from 'react';
import { type Link } from './panel-state';
import { formatLink, parseLink } from './url';

/** Someone who steps through flows does not fill the browser's memory of addresses. */
const WRITE_AFTER_MS = 300;

/** What the page's address says of a panel. */
export function readLink(panelId: number): Link {
  return parseLink(locationService.getSearch(), panelId);
}

/** Keeps the page's address up with what is shown, so that a reload and a shared link show the same. */
export function useUrlMirror(panelId: number, { flowId, nodeId, view, compareId = null }: Link): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const query = locationService.getSearch();
      const wanted = Object.entries(formatLink({ flowId, nodeId, view, compareId }, panelId));
      if (wanted.every(([name, value]) => query.get(name) === value)) return;
      locationService.partial(Object.fromEntries(wanted), true);
    }, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [panelId, flowId, nodeId, view, compareId]);
}
