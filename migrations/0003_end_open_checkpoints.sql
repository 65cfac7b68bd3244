-- Checkpoints that the application left open end with their flow, or with their process.
-- Run by the bridge at its start, by `npm run migrate`, or by hand: psql -f migrations/0003_end_open_checkpoints.sql
-- Changes the catalogue alone, so no lock is held for long; a bridge of the version before goes on beside it.
BEGIN;

-- A long reader must not make everybody else wait behind this: it fails then, and is run again.
SET LOCAL lock_timeout = '900ms';

INSERT INTO flow.schema_migrations (version, name) VALUES (3, 'end_open_checkpoints');

-- True: the flow's end or the process's death ended it. An end of its own, told by end_seq, overrules this.
ALTER TABLE flow.checkpoints ADD COLUMN unended boolean NOT NULL DEFAULT false;
ALTER TABLE flow.checkpoints DROP CONSTRAINT checkpoints_status_check;
-- Not validated: what was allowed before is allowed still, and a look at every row would hold the lock.
ALTER TABLE flow.checkpoints ADD CONSTRAINT checkpoints_status_check
  CHECK (status IN ('running', 'ok', 'error', 'aborted', 'timed_out', 'lost')) NOT VALID;

-- How many checkpoints of the flow stand as unended.
ALTER TABLE flow.flows ADD COLUMN unended_count integer NOT NULL DEFAULT 0;

-- The few checkpoints that run. On partitions that hold rows, the bridge builds it without holding up the writers.
CREATE INDEX checkpoints_running ON ONLY flow.checkpoints (started_at) WHERE status = 'running';

DO $$
DECLARE
  child  text;
  filled boolean;
BEGIN
  FOR child IN
    SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'flow.checkpoints'::regclass
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM flow.%I)', child) INTO filled;
    CONTINUE WHEN filled;
    EXECUTE format('CREATE INDEX %I ON flow.%I (started_at) WHERE status = ''running''', child || '_running', child);
    EXECUTE format('ALTER INDEX flow.checkpoints_running ATTACH PARTITION flow.%I', child || '_running');
  END LOOP;
END
$$;

COMMIT;
