-- What model calls took, by checkpoint, model and slot of time: tokens, and how long the first chunk was waited for.
-- Run by the bridge at its start, by `npm run migrate`, or by hand: psql -f migrations/0006_add_call_stats.sql
-- Adds a table alone, so a bridge of the version before goes on beside it; what that one writes is not in the table.
BEGIN;

INSERT INTO flow.schema_migrations (version, name) VALUES (6, 'add_call_stats');

-- Checkpoints that ended in a slot and told a model, tokens or a first chunk. Slots as in flow.checkpoint_stats.
CREATE TABLE flow.call_stats (
  slot_s                integer NOT NULL CHECK (slot_s IN (60, 600, 3600)),
  slot_at               timestamptz NOT NULL,   -- begin of the slot
  checkpoint            text NOT NULL,
  model                 text NOT NULL,          -- that which answered, else that which was asked; '': none was told
  count                 bigint NOT NULL,
  input_tokens          bigint NOT NULL,
  cached_input_tokens   bigint NOT NULL,        -- of the input tokens, those that came from a cache
  output_tokens         bigint NOT NULL,
  first_chunk_sum_ms    double precision NOT NULL,
  first_chunk_histogram integer[] NOT NULL,     -- of those that told it, by flow.duration_bucket, as in checkpoint_stats
  PRIMARY KEY (slot_s, slot_at, checkpoint, model)
);

-- As before, and of the new table, too.
CREATE OR REPLACE FUNCTION flow.drop_day_partitions(before date) RETURNS integer
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
  DELETE FROM flow.call_stats WHERE slot_at < before::timestamp AT TIME ZONE 'UTC';
  -- Narrow slots are for the latest past alone.
  DELETE FROM flow.checkpoint_stats WHERE slot_s = 60 AND slot_at < now() - interval '8 days';
  DELETE FROM flow.checkpoint_stats WHERE slot_s = 600 AND slot_at < now() - interval '32 days';
  DELETE FROM flow.call_stats WHERE slot_s = 60 AND slot_at < now() - interval '8 days';
  DELETE FROM flow.call_stats WHERE slot_s = 600 AND slot_at < now() - interval '32 days';
  RETURN dropped;
END
$$;

COMMIT;
