import { AppPlugin } from '@grafana/data';
import { MonitoringPage } from './app/MonitoringPage';

export const plugin = new AppPlugin().setRootPage(MonitoringPage);
