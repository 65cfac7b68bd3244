import { locationService, LocationServiceProvider } from '@grafana/runtime';
import { useLayoutEffect, useState, type ReactNode } from 'react';
import { Router, type NavigationType } from 'react-router-dom';
import { isPagePath } from '../../shared/boot';

/** React Router on top of Grafana's location service, so that both always agree on where the page is. */
export function HistoryRouter({ children }: { children: ReactNode }) {
  const history = locationService.getHistory();
  const [state, setState] = useState({ location: history.location, action: history.action });
  useLayoutEffect(() => history.listen((location, action) => setState({ location, action })), [history]);
  return (
    <LocationServiceProvider service={locationService}>
      <Router
        location={{ ...state.location, key: state.location.key ?? 'default' }}
        navigationType={state.action as unknown as NavigationType}
        navigator={history}
      >
        {children}
      </Router>
    </LocationServiceProvider>
  );
}

/**
 * Lets a plain `<a href="/d/…">` in a plugin or a panel change the page without a reload, as in Grafana.
 * @returns what stops it
 */
export function followLinksInPage(): () => void {
  const onClick = (event: MouseEvent): void => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const anchor = (event.target as Element).closest?.('a[href]');
    if (!(anchor instanceof HTMLAnchorElement) || (anchor.target && anchor.target !== '_self') || anchor.download)
      return;
    const url = new URL(anchor.href, location.href);
    if (url.origin !== location.origin || !isPagePath(url.pathname)) return;
    event.preventDefault();
    locationService.push(url.pathname + url.search + url.hash);
  };
  document.addEventListener('click', onClick);
  return () => document.removeEventListener('click', onClick);
}
