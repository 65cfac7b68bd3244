import type { AppRootProps } from '@grafana/data';
import React from 'react';
import { MonitoringPage } from './pages/monitoring/MonitoringPage';
import { StartHerePage } from './pages/start-here/StartHerePage';

/** The app's pages by their path; the root is the monitoring controls, to which links of the panel lead. */
export function AppRoot({ basename, path }: AppRootProps) {
  return path.slice(basename.length).replaceAll('/', '') === 'start' ? <StartHerePage /> : <MonitoringPage />;
}
