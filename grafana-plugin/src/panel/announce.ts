import { AppEvents } from '@grafana/data';
import { getAppEvents } from '@grafana/runtime';

const TYPES = {
  success: AppEvents.alertSuccess,
  warning: AppEvents.alertWarning,
  error: AppEvents.alertError,
} as const;

/** Says in Grafana's own way, in the corner of the page, how something went that a person asked for. */
export function announce(severity: keyof typeof TYPES, title: string, text = ''): void {
  getAppEvents().publish({ type: TYPES[severity].name, payload: [title, text] });
}
