-- Spans that come when Redis has forgotten their trace find its flow in history.
-- Run by the bridge at its start, by `npm run migrate`, or by hand: psql -f migrations/0008_find_traces.sql
-- Changes the catalogue alone, so no lock is held for long; a bridge of the version before goes on beside it.
BEGIN;

-- A long reader must not make everybody else wait behind this: it fails then, and is run again.
SET LOCAL lock_timeout = '900ms';

INSERT INTO flow.schema_migrations (version, name) VALUES (8, 'find_traces');

-- The flows that came as spans, which have this in place of a process. On partitions that hold rows, the bridge builds it without
-- holding up the writers.
CREATE INDEX flows_trace ON ONLY flow.flows (trace_id) WHERE substr(flow_id, 11, 8) = '00000TRC';

DO $$
DECLARE
  child  text;
  filled boolean;
BEGIN
  FOR child IN
    SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'flow.flows'::regclass
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM flow.%I)', child) INTO filled;
    CONTINUE WHEN filled;
    EXECUTE format('CREATE INDEX %I ON flow.%I (trace_id) WHERE substr(flow_id, 11, 8) = ''00000TRC''', child || '_trace', child);
    EXECUTE format('ALTER INDEX flow.flows_trace ATTACH PARTITION flow.%I', child || '_trace');
  END LOOP;
END
$$;

COMMIT;
