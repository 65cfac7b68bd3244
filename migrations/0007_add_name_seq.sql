-- A flow's name may be told again: the root of a trace, which comes last, knows it better than the flow's start.
-- Run by the bridge at its start, by `npm run migrate`, or by hand: psql -f migrations/0007_add_name_seq.sql
-- Changes the catalogue alone, so no lock is held for long; a bridge of the version before goes on beside it.
BEGIN;

-- A long reader must not make everybody else wait behind this: it fails then, and is run again.
SET LOCAL lock_timeout = '900ms';

INSERT INTO flow.schema_migrations (version, name) VALUES (7, 'add_name_seq');

-- seq of the event that told name and start; -1: none did. All names until now are those of starts, whose seq is 0.
ALTER TABLE flow.flows ADD COLUMN name_seq integer NOT NULL DEFAULT 0;

COMMIT;
