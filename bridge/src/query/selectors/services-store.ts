import type { ServiceList } from '@flow-tracking/protocol';
import { cleanText } from '../../platform/postgres/clean-json';
import { epochMs } from '../../platform/postgres/columns';
import type { Pool } from '../../platform/postgres/pool';
import { prepared } from '../prepared';

/** Flows that are looked at: some ten ms. No index has services, of which there are few. */
const NEWEST_FLOWS = 20_000;

const SERVICES = `SELECT service, ${epochMs('max(started_at)')} AS last_flow_ts, (sum(count(*)) OVER ())::int AS looked_at
FROM (
  SELECT service, started_at FROM flow.flows
  WHERE started_at >= to_timestamp($1::float8 / 1000.0)
    AND flow_day >= (to_timestamp($1::float8 / 1000.0) AT TIME ZONE 'UTC')::date - 1
  ORDER BY started_at DESC LIMIT ${NEWEST_FLOWS}
) AS newest
GROUP BY service ORDER BY max(started_at) DESC, service`;

/** Services of the newest flows since a moment, newest first; `text` is contained in the name, in upper or lower case. */
export async function listServices(
  pool: Pool,
  { fromTs, text, limit }: { fromTs: number; text?: string | undefined; limit: number },
): Promise<ServiceList> {
  type Row = ServiceList['services'][number] & { looked_at: number };
  const { rows } = await pool.query<Row>(prepared(SERVICES, [fromTs]));
  const searched = text === undefined ? '' : cleanText(text).toLowerCase();
  const found = rows.filter(({ service }) => service !== '' && service.toLowerCase().includes(searched));
  return {
    services: found.slice(0, limit).map(({ service, last_flow_ts }) => ({ service, last_flow_ts })),
    has_more: found.length > limit || (rows[0]?.looked_at ?? 0) >= NEWEST_FLOWS,
  };
}
