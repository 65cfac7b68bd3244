-- The roll-up of checkpoints, why someone is monitored, and what retention drops.
-- Run by the bridge at its start, by `npm run migrate`, or by hand: psql -f migrations/0002_add_checkpoint_stats.sql
BEGIN;

INSERT INTO flow.schema_migrations (version, name) VALUES (2, 'add_checkpoint_stats');

-- Which bucket of a histogram a duration belongs to: 20 a factor of ten, from 0.01 ms (bucket 0, and all below it) to a
-- day and beyond (bucket 199). Bucket b begins at 0.01 * 10 ^ (b / 20) ms, so a bound of it is off by 6 % at most.
CREATE FUNCTION flow.duration_bucket(duration_ms double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT CASE WHEN duration_ms < 0.01 THEN 0 ELSE LEAST(199, floor(20 * log(duration_ms) + 40)::integer) END
$$;

-- The sum of two histograms; the longer one tells the length.
CREATE FUNCTION flow.add_histograms(a integer[], b integer[]) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg(COALESCE(x, 0) + COALESCE(y, 0)) FROM unnest(a, b) AS u(x, y)
$$;

-- Checkpoints that ended in a slot of time, by name. Three widths of slot, each of them of all checkpoints, so that a
-- graph over a day reads hundreds of rows instead of thousands.
CREATE TABLE flow.checkpoint_stats (
  slot_s          integer NOT NULL CHECK (slot_s IN (60, 600, 3600)),
  slot_at         timestamptz NOT NULL,         -- begin of the slot
  checkpoint      text NOT NULL,
  count           bigint NOT NULL,
  errors          bigint NOT NULL,
  duration_sum_ms double precision NOT NULL,
  histogram       integer[] NOT NULL,           -- how many by flow.duration_bucket, from bucket 0; zeros at its end left out
  input_tokens    bigint NOT NULL,
  output_tokens   bigint NOT NULL,
  PRIMARY KEY (slot_s, slot_at, checkpoint)
);

-- How many batches have written the row: 1 tells the writer that nothing of the flow was there before.
ALTER TABLE flow.flows ADD COLUMN revision integer NOT NULL DEFAULT 1;

-- Flows that did not end well are looked for among many that did.
CREATE INDEX flows_failed ON flow.flows (status, started_at DESC, flow_id DESC) WHERE status NOT IN ('ok', 'running');

ALTER TABLE flow.monitoring ADD COLUMN reason text;
ALTER TABLE flow.monitoring_audit ADD COLUMN reason text;
ALTER TABLE flow.monitoring_audit DROP CONSTRAINT monitoring_audit_action_check;
ALTER TABLE flow.monitoring_audit ADD CONSTRAINT monitoring_audit_action_check
  CHECK (action IN ('enable', 'extend', 'disable', 'expire', 'erase'));

-- Drops the day partitions before a day, and what else is older; returns how many tables it dropped. One bridge at a
-- time: the others drop nothing meanwhile.
CREATE FUNCTION flow.drop_day_partitions(before date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  dropped integer := 0;
  child   text;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('flow.drop_day_partitions')) THEN
    RETURN 0;
  END IF;
  FOR child IN
    SELECT c.relname FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('flow.flows'::regclass, 'flow.checkpoints'::regclass)
      AND c.relname ~ '_p\d{8}$' AND to_date(right(c.relname, 8), 'YYYYMMDD') < before
    ORDER BY c.relname
  LOOP
    EXECUTE format('DROP TABLE flow.%I', child);
    dropped := dropped + 1;
  END LOOP;
  DELETE FROM flow.flows_default WHERE flow_day < before;
  DELETE FROM flow.checkpoints_default WHERE flow_day < before;
  DELETE FROM flow.checkpoint_stats WHERE slot_at < before::timestamp AT TIME ZONE 'UTC';
  -- Narrow slots are for the latest past alone.
  DELETE FROM flow.checkpoint_stats WHERE slot_s = 60 AND slot_at < now() - interval '8 days';
  DELETE FROM flow.checkpoint_stats WHERE slot_s = 600 AND slot_at < now() - interval '32 days';
  RETURN dropped;
END
$$;

COMMIT;
