-- Erasures of users that are not finished: events of theirs may still wait in the streams.
-- Run by the bridge at its start, by `npm run migrate`, or by hand: psql -f migrations/0004_add_erasures.sql
BEGIN;

INSERT INTO flow.schema_migrations (version, name) VALUES (4, 'add_erasures');

CREATE TABLE flow.erasures (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id      text NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT now(),
  positions    text[]                           -- by partition, the stream's last entry at the request; null: not read yet
);

-- Flows that an erasure has deleted. An event that is written after it makes the row anew, and may not tell the user.
CREATE TABLE flow.erased_flows (
  erasure_id bigint NOT NULL REFERENCES flow.erasures (id) ON DELETE CASCADE,
  flow_day   date NOT NULL,
  flow_id    text COLLATE "C" NOT NULL,
  PRIMARY KEY (erasure_id, flow_day, flow_id)
);

COMMIT;
