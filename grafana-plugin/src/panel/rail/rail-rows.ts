import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import type { StatusFilter } from '../state/panel-state';

/** Heights, px. */
export const SESSION_ROW = 24;
export const FLOW_ROW = 48;

interface Placed {
  /** Unique in the rail. */
  readonly key: string;
  /** From the top of the list, px. */
  readonly top: number;
  readonly height: number;
}

export type RailRow =
  | (Placed & { readonly kind: 'session'; readonly name: string; readonly count: string })
  /** `position`: from 1, among the flows. */
  | (Placed & { readonly kind: 'flow'; readonly flow: PanelFlow; readonly position: number });

export interface Rail {
  readonly rows: readonly RailRow[];
  /** All rows together, px. */
  readonly height: number;
  /** Ids of the flows, as they stand. */
  readonly order: readonly string[];
  readonly counts: Readonly<Record<StatusFilter, number>>;
}

/** What an operator has to look at; who closed the page has not failed. */
const FAILED: readonly PanelFlow['status'][] = ['error', 'timed_out', 'lost'];

function passes({ status }: PanelFlow, filter: StatusFilter): boolean {
  if (filter === 'running') return status === 'running';
  return filter === 'all' || FAILED.includes(status);
}

/** Null for a flow that stands for itself. */
function sessionOf({ id, sessionId }: PanelFlow): string | null {
  return sessionId === id ? null : sessionId;
}

interface Group {
  readonly sessionId: string | null;
  readonly flows: PanelFlow[];
}

/** Sessions by their newest flow; flows without one keep their place between them. */
function groupBySession(flows: readonly PanelFlow[]): Group[] {
  const groups: Group[] = [];
  const bySession = new Map<string, Group>();
  for (const flow of flows) {
    const sessionId = sessionOf(flow);
    const last = groups.at(-1);
    const known = sessionId !== null ? bySession.get(sessionId) : last?.sessionId === null ? last : undefined;
    if (known !== undefined) {
      known.flows.push(flow);
      continue;
    }
    const group = { sessionId, flows: [flow] };
    groups.push(group);
    if (sessionId !== null) bySession.set(sessionId, group);
  }
  return groups;
}

/** @param flows newest first */
export function railRows(flows: readonly PanelFlow[], filter: StatusFilter): Rail {
  const groups = groupBySession(flows.filter((flow) => passes(flow, filter)));
  const rows: RailRow[] = [];
  const order: string[] = [];
  let top = 0;
  // Without any session a heading says nothing.
  const headed = groups.some((group) => group.sessionId !== null);
  for (const group of groups) {
    if (headed) {
      const name = group.sessionId === null ? t('rail.no-session') : t('rail.session', { id: group.sessionId });
      const key = `session ${group.sessionId ?? ''} ${group.sessionId === null ? group.flows[0]?.id : ''}`;
      rows.push({
        kind: 'session',
        key,
        top,
        height: SESSION_ROW,
        name,
        count: t('common.flows', { count: group.flows.length }),
      });
      top += SESSION_ROW;
    }
    for (const flow of group.flows) {
      order.push(flow.id);
      rows.push({ kind: 'flow', key: flow.id, top, height: FLOW_ROW, flow, position: order.length });
      top += FLOW_ROW;
    }
  }
  const count = (status: StatusFilter): number => flows.filter((flow) => passes(flow, status)).length;
  return {
    rows,
    height: top,
    order,
    counts: { all: flows.length, running: count('running'), failed: count('failed') },
  };
}

/** The rows that reach into a window, by halving: there may be thousands. */
export function rowsWithin({ rows }: Rail, fromPx: number, toPx: number): readonly RailRow[] {
  const firstPast = (isPast: (row: RailRow) => boolean): number => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle];
      if (row !== undefined && isPast(row)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return rows.slice(
    firstPast((row) => row.top + row.height > fromPx),
    firstPast((row) => row.top >= toPx),
  );
}
