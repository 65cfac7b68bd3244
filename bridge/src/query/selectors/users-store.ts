import type { UserList } from '@flow-tracking/protocol';
import { cleanText } from '../../platform/postgres/clean-json';
import { epochMs } from '../../platform/postgres/columns';
import type { Pool } from '../../platform/postgres/pool';

/** How many flows are looked at for who came last: few are enough for most, and take a few ms. */
const NEWEST_FLOWS = [2_000, 20_000];
/** A user's flows are counted up to this. */
const COUNTED_FLOWS = 100;

export interface UserFilter {
  fromTs: number;
  /** Text that the user's id contains. */
  text?: string | undefined;
  limit: number;
}

const IN_RANGE = `started_at >= to_timestamp($1::float8 / 1000.0)
    AND flow_day >= (to_timestamp($1::float8 / 1000.0) AT TIME ZONE 'UTC')::date - 1 AND user_id IS NOT NULL`;

/** Counts the flows of the users found, each of them by the index of users and no further than needed. */
const withCounts = (found: string): string => `WITH found AS (${found})
SELECT user_id, ${epochMs('last_at')} AS last_flow_ts, counted.flow_count
FROM found, LATERAL (
  SELECT count(*)::int AS flow_count FROM (
    SELECT FROM flow.flows AS f WHERE f.user_id = found.user_id AND ${IN_RANGE}
    LIMIT ${COUNTED_FLOWS}
  ) AS f
) AS counted ORDER BY last_at DESC, user_id`;

/** Users of the newest flows: right when they are as many as asked for. */
const OF_NEWEST_FLOWS = withCounts(`SELECT user_id, max(started_at) AS last_at FROM (
    SELECT user_id, started_at FROM flow.flows WHERE ${IN_RANGE} ORDER BY started_at DESC LIMIT $3
  ) AS newest GROUP BY user_id ORDER BY last_at DESC, user_id LIMIT $2`);

const OF_ALL_FLOWS = withCounts(`SELECT user_id, max(started_at) AS last_at FROM flow.flows
  WHERE ${IN_RANGE} AND ($3::text IS NULL OR strpos(lower(user_id), lower($3)) > 0)
  GROUP BY user_id ORDER BY last_at DESC, user_id LIMIT $2`);

/** Users by their newest flow, newest first. */
export async function listUsers(pool: Pool, { fromTs, text, limit }: UserFilter): Promise<UserList['users']> {
  type User = UserList['users'][number];
  for (const flows of text === undefined ? NEWEST_FLOWS : []) {
    const { rows } = await pool.query<User>(OF_NEWEST_FLOWS, [fromTs, limit, flows]);
    if (rows.length === limit) return rows;
  }
  const searched = text === undefined ? null : cleanText(text);
  const { rows } = await pool.query<User>(OF_ALL_FLOWS, [fromTs, limit, searched]);
  return rows;
}
