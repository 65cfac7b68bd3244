import { EventBusSrv } from '@grafana/data';

/** The bus of the whole page: alerts to show, theme changes, refreshes. */
export const appEvents = new EventBusSrv();
