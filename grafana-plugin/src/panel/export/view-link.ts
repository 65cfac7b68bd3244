import type { FlowView } from '../options';
import { formatLink } from '../state/url';

/** What a link shows. */
export interface LinkedView {
  readonly panelId: number;
  readonly flowId: string;
  readonly nodeId: string | null;
  readonly view: FlowView;
  /** Of the dashboard, epoch ms. */
  readonly fromTs: number;
  readonly toTs: number;
  /** When the flow began, epoch ms: the link's time range reaches there. */
  readonly flowStartedTs: number;
  /** When it ended, or now. */
  readonly flowEndedTs: number;
}

/** The page's address with all of the view in it, and times that stay what they are. */
export function viewLink(href: string, shown: LinkedView): string {
  const url = new URL(href);
  for (const [name, value] of Object.entries(formatLink(shown, shown.panelId))) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  url.searchParams.set('from', String(Math.floor(Math.min(shown.fromTs, shown.flowStartedTs))));
  url.searchParams.set('to', String(Math.ceil(Math.max(shown.toTs, shown.flowEndedTs))));
  return url.href;
}
