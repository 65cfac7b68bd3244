import type { AppRootProps } from '@grafana/data';
import React, { type ComponentType } from 'react';
import { MonitoringPage } from './pages/monitoring/MonitoringPage';
import { RunningPage } from './pages/running/RunningPage';
import { StartHerePage } from './pages/start-here/StartHerePage';

/** By what stands behind the app's own path. */
const PAGES: ReadonlyMap<string, ComponentType> = new Map([
  ['start', StartHerePage],
  ['running', RunningPage],
]);

/** The app's pages by their path; the root is the monitoring controls, to which links of the panel lead. */
export function AppRoot({ basename, path }: AppRootProps) {
  const Page = PAGES.get(path.slice(basename.length).replaceAll('/', '')) ?? MonitoringPage;
  return <Page />;
}
