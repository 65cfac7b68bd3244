import { FLOW_STATUSES, isFlowId, MAX_TS, type FlowStatus } from '@flow-tracking/protocol';
import { cleanText } from '../platform/postgres/clean-json';
import { createWhere, type Where } from '../platform/postgres/where';

const MS_PER_DAY = 86_400_000;

/** What `text` is looked for in, in one piece; the separator is in no search, since those have no control characters. */
const SEARCHED = `concat_ws(E'\\x1f', flow_id, session_id, user_id, name, trace_id, error->>'message')`;

/** Where a page of flows goes on: the last flow of the page before it. */
export interface FlowCursor {
  startedTs: number;
  flowId: string;
}

/** Which flows to list; newest first. Times are epoch ms of the flow's start. */
export interface FlowFilter {
  /** Of lists: one of these. */
  userIds?: readonly string[] | undefined;
  sessionIds?: readonly string[] | undefined;
  services?: readonly string[] | undefined;
  statuses?: readonly FlowStatus[] | undefined;
  /** Names of checkpoints, of which the flow has one. */
  checkpoints?: readonly string[] | undefined;
  /** Of a flow that still runs: how long it has run already. */
  minDurationMs?: number | undefined;
  /** Text that an id, the name or the error's message contains, in upper or lower case. */
  text?: string | undefined;
  fromTs?: number | undefined;
  toTs?: number | undefined;
  cursor?: FlowCursor | undefined;
  limit: number;
}

/**
 * Bounds by time, and by partition with it: a flow's day is told by its id, and is the day of its start but for clocks
 * that are off by less than a day.
 */
function boundByTime(where: Where, { fromTs, toTs, cursor }: FlowFilter): void {
  const day = (ts: number): string => where.bind(new Date(ts).toISOString().slice(0, 10));
  if (fromTs !== undefined) {
    where.and(`started_at >= ${where.bindTime(fromTs)}`);
    where.and(`flow_day >= ${day(Math.max(0, fromTs - MS_PER_DAY))}`);
  }
  if (toTs !== undefined) where.and(`started_at <= ${where.bindTime(toTs)}`);
  if (cursor !== undefined) {
    where.and(`(started_at, flow_id) < (${where.bindTime(cursor.startedTs)}, ${where.bind(cursor.flowId)})`);
  }
  const lastTs = Math.min(toTs ?? Infinity, cursor?.startedTs ?? Infinity);
  // Beyond it are no days of four digits.
  if (lastTs + MS_PER_DAY <= MAX_TS) where.and(`flow_day <= ${day(lastTs + MS_PER_DAY)}`);
}

/** A condition that a column has one of some texts. */
function isOneOf({ bind }: Where, column: string, values: readonly string[]): string {
  const [only] = values;
  return values.length === 1 && only !== undefined
    ? `${column} = ${bind(cleanText(only))}`
    : `${column} = ANY(${bind(values.map(cleanText))}::text[])`;
}

/** In the text of the query: a bound list would not tell the planner that an index of few statuses has them all. */
function isOneOfStatuses({ bind }: Where, statuses: readonly FlowStatus[]): string {
  const [only] = statuses;
  if (statuses.length === 1 && only !== undefined) return `status = ${bind(only)}`;
  const known = FLOW_STATUSES.filter((status) => statuses.includes(status));
  return known.length === 0 ? 'false' : `status IN (${known.map((status) => `'${status}'`).join(', ')})`;
}

/** Conditions of a filter, all but its limit. */
export function filterFlows(filter: FlowFilter): Where {
  const where = createWhere();
  const { bind, and } = where;
  if (filter.userIds !== undefined) and(isOneOf(where, 'user_id', filter.userIds));
  if (filter.sessionIds !== undefined) and(isOneOf(where, 'session_id', filter.sessionIds));
  if (filter.services !== undefined) and(isOneOf(where, 'service', filter.services));
  if (filter.statuses !== undefined) and(isOneOfStatuses(where, filter.statuses));
  if (filter.minDurationMs !== undefined) {
    const ranMs = `CASE WHEN status = 'running' THEN extract(epoch FROM now() - started_at) * 1000 END`;
    and(`COALESCE(duration_ms, ${ranMs}) >= ${bind(filter.minDurationMs)}`);
  }
  if (filter.checkpoints !== undefined) {
    and(`EXISTS (SELECT FROM flow.checkpoints AS p
    WHERE p.flow_day = f.flow_day AND p.flow_id = f.flow_id AND ${isOneOf(where, 'p.checkpoint', filter.checkpoints)})`);
  }
  if (filter.text !== undefined) {
    const text = filter.text;
    // A whole id is found by its index.
    if (isFlowId(text.toUpperCase())) and(`flow_id = ${bind(text.toUpperCase())}`);
    else and(`strpos(lower(${SEARCHED}), lower(${bind(cleanText(text))})) > 0`);
  }
  boundByTime(where, filter);
  return where;
}

/** True when flows must be looked at one by one. */
export function isSearch({
  text,
  checkpoints,
  minDurationMs,
  services,
  userIds,
  sessionIds,
}: Omit<Partial<FlowFilter>, 'cursor'>): boolean {
  const isIndexed = userIds !== undefined || sessionIds !== undefined;
  const isOfService = services !== undefined && !isIndexed;
  return text !== undefined || checkpoints !== undefined || minDurationMs !== undefined || isOfService;
}
