-- What alerts need and the rows of flows can't tell: how each bridge is, what was lost, and the limits.
-- Run by the bridge at its start, by `npm run migrate`, or by hand: psql -f migrations/0005_add_alerts.sql
-- Adds tables alone, so a bridge of the version before goes on beside it.
BEGIN;

INSERT INTO flow.schema_migrations (version, name) VALUES (5, 'add_alerts');

-- A row per bridge, which it writes every 15 s. One that is old belongs to a bridge that is dead or hangs.
CREATE TABLE flow.bridge_status (
  instance             text PRIMARY KEY,
  machine              text NOT NULL,
  version              text NOT NULL,
  started_at           timestamptz NOT NULL,
  seen_at              timestamptz NOT NULL,
  stopped_at           timestamptz,             -- it was stopped, and is not missed
  lag_s                double precision,        -- age of the oldest stream entry that is not in Postgres; null: not known
  lag_entries          bigint,                  -- how many such entries there are
  failing_since        timestamptz,             -- since when it can't write or measure a stream; null: it can
  flows_stalled        integer NOT NULL,
  -- Since its start, as in its metrics.
  events_written       bigint NOT NULL,
  flows_lost           bigint NOT NULL,
  entries_trimmed      bigint NOT NULL,
  dead_letters         bigint NOT NULL,
  dead_letters_dropped bigint NOT NULL
);

-- What bridges saw being lost, when. It outlives the bridge that saw it.
CREATE TABLE flow.losses (
  at       timestamptz NOT NULL DEFAULT now(),
  instance text NOT NULL,
  kind     text NOT NULL CHECK (kind IN ('flows_lost', 'entries_trimmed', 'dead_letters', 'dead_letters_dropped')),
  count    bigint NOT NULL
);

CREATE INDEX losses_at ON flow.losses (at);

-- Where each alert begins. Yours to change; see docs/alerts.md.
CREATE TABLE flow.alert_limits (
  rule        text NOT NULL CHECK (rule IN ('slow_checkpoint', 'slower_than_last_week', 'error_rate', 'still_running',
                                            'flow_still_running', 'flows_lost', 'history_behind', 'bridge_silent')),
  name        text NOT NULL DEFAULT '*',        -- a checkpoint or, for flow_still_running, a flow; '*': all others
  fires_above double precision,                 -- null: never
  least_count integer NOT NULL DEFAULT 20,      -- rules on many checkpoints say nothing of fewer
  PRIMARY KEY (rule, name)
);

INSERT INTO flow.alert_limits (rule, fires_above, least_count) VALUES
  ('slow_checkpoint', 30000, 20),               -- ms, p95 of 15 min
  ('slower_than_last_week', 2, 50),             -- times the p95 at this time of day in the last seven days
  ('error_rate', 0.05, 20),                     -- part of the checkpoints of 15 min
  ('still_running', 600, 0),                    -- s
  ('flow_still_running', 1800, 0),              -- s
  ('flows_lost', 0, 0),                         -- in 15 min, of each kind
  ('history_behind', 30, 0),                    -- s
  ('bridge_silent', 60, 0);                     -- s

-- What holds for a name: its own row, else that of all others; no row: the rule never fires.
CREATE FUNCTION flow.alert_limit(of_rule text, of_name text) RETURNS TABLE (fires_above double precision, least_count integer)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT l.fires_above, l.least_count FROM flow.alert_limits AS l
  WHERE l.rule = of_rule AND l.name IN (of_name, '*')
  ORDER BY l.name = '*' LIMIT 1
$$;

-- The duration that a part of the checkpoints is at most as long as, by name, over slots of one width, told by their begins.
-- The same as the bridge's percentiles: within a bucket, evenly spread over its logarithm.
CREATE FUNCTION flow.checkpoint_percentile(width_s integer, slots timestamptz[], part double precision)
RETURNS TABLE (checkpoint text, count bigint, ms double precision)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT r.checkpoint, r.total, 0.01 * 10 ^ ((r.bucket - 1 + (part * r.total - (r.up_to - r.n)) / r.n) / 20)
  FROM (
    SELECT b.checkpoint, b.bucket, b.n, (sum(b.n) OVER w)::bigint AS up_to,
      (sum(b.n) OVER (PARTITION BY b.checkpoint))::bigint AS total
    FROM (
      SELECT s.checkpoint, h.bucket, sum(h.n) AS n
      FROM flow.checkpoint_stats AS s, unnest(s.histogram) WITH ORDINALITY AS h(n, bucket)
      WHERE s.slot_s = width_s AND s.slot_at = ANY (slots) AND h.n <> 0
      GROUP BY s.checkpoint, h.bucket HAVING sum(h.n) > 0
    ) AS b
    WINDOW w AS (PARTITION BY b.checkpoint ORDER BY b.bucket)
  ) AS r
  WHERE r.up_to - r.n < part * r.total AND r.up_to >= part * r.total
$$;

-- Begins of the minutes of the last quarter of an hour, the present one included.
CREATE FUNCTION flow.last_minutes() RETURNS timestamptz[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT date_trunc('minute', now()) - make_interval(mins => m) FROM generate_series(0, 15) AS m)
$$;

-- Begins of the hours around the present one on each of the last seven days, as load differs by time of day.
CREATE FUNCTION flow.same_hours_last_week() RETURNS timestamptz[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT ARRAY(
    SELECT date_trunc('hour', now(), 'UTC') - make_interval(hours => 24 * day + hour)
    FROM generate_series(1, 7) AS day, generate_series(-1, 1) AS hour
  )
$$;

-- The checkpoints and flows that run past their limits, one row a flow: its innermost checkpoint that does, if any. Those that
-- run longest come first. A flow that began more than seven days ago is not looked at.
-- In PL/pgSQL, which keeps its plan: planning for three months of partitions takes longer than everything else. Limits are
-- joined rather than asked for one by one, as thousands may run.
CREATE FUNCTION flow.still_running(most integer)
RETURNS TABLE (flow_id text, session_id text, user_id text, service text, checkpoint text, running_s double precision)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH hanging AS (
    SELECT DISTINCT ON (p.flow_day, p.flow_id) p.flow_day, p.flow_id, p.checkpoint, p.started_at
    FROM flow.checkpoints AS p
    LEFT JOIN flow.alert_limits AS own ON own.rule = 'still_running' AND own.name = p.checkpoint
    LEFT JOIN flow.alert_limits AS others ON others.rule = 'still_running' AND others.name = '*'
    WHERE p.status = 'running' AND p.started_at < now() - make_interval(secs =>
        CASE WHEN own.rule IS NULL THEN others.fires_above ELSE own.fires_above END)
      AND p.flow_day >= (now() AT TIME ZONE 'UTC')::date - 7
    ORDER BY p.flow_day, p.flow_id, p.node_id DESC
  ), late AS (
    SELECT f.flow_day, f.flow_id, f.started_at
    FROM flow.flows AS f
    LEFT JOIN flow.alert_limits AS own ON own.rule = 'flow_still_running' AND own.name = f.name
    LEFT JOIN flow.alert_limits AS others ON others.rule = 'flow_still_running' AND others.name = '*'
    WHERE f.status = 'running' AND f.started_at < now() - make_interval(secs =>
        CASE WHEN own.rule IS NULL THEN others.fires_above ELSE own.fires_above END)
      AND f.flow_day >= (now() AT TIME ZONE 'UTC')::date - 7
  ), found AS (
    SELECT flow_day, flow_id, h.checkpoint, COALESCE(h.started_at, late.started_at) AS started_at
    FROM hanging AS h FULL JOIN late USING (flow_day, flow_id)
    ORDER BY 4, 2 LIMIT most
  )
  SELECT n.flow_id, f.session_id, f.user_id, f.service, n.checkpoint, extract(epoch FROM now() - n.started_at)::float8
  FROM found AS n, LATERAL (
    SELECT session_id, user_id, service FROM flow.flows WHERE flow_day = n.flow_day AND flow_id = n.flow_id LIMIT 1
  ) AS f
  ORDER BY n.started_at, n.flow_id;
END
$$;

COMMIT;
