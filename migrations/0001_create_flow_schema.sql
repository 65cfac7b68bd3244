-- Flows, their checkpoints, monitoring grants and the audit of them.
-- Run by the bridge at its start, by `npm run migrate`, or by hand: psql -f migrations/0001_create_flow_schema.sql
BEGIN;

CREATE SCHEMA flow;

CREATE TABLE flow.schema_migrations (
  version    integer PRIMARY KEY,
  name       text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO flow.schema_migrations (version, name) VALUES (1, 'create_flow_schema');

-- A row per flow. flow_day is the UTC day that the flow's id tells, so any event alone finds the partition.
CREATE TABLE flow.flows (
  flow_day         date NOT NULL,
  flow_id          text COLLATE "C" NOT NULL,
  session_id       text NOT NULL,
  session_seq      integer NOT NULL,            -- seq of the event that told it; -1: none did, it is the flow's id
  user_id          text,
  user_seq         integer NOT NULL,            -- seq of the event that told it; -1: none did
  name             text NOT NULL DEFAULT '',    -- '' until the flow's start has arrived
  service          text NOT NULL DEFAULT '',
  instance         text NOT NULL DEFAULT '',
  status           text NOT NULL DEFAULT 'running'
                   CHECK (status IN ('running', 'ok', 'error', 'aborted', 'timed_out', 'lost')),
  started_at       timestamptz NOT NULL,
  ended_at         timestamptz,
  duration_ms      double precision,
  http_status      integer,
  error            jsonb,
  trace_id         text,
  attributes       jsonb NOT NULL DEFAULT '{}',
  checkpoint_count integer NOT NULL DEFAULT 0,
  error_count      integer NOT NULL DEFAULT 0,
  input_tokens     bigint,
  output_tokens    bigint,
  last_seq         integer NOT NULL,
  last_event_at    timestamptz NOT NULL,
  PRIMARY KEY (flow_day, flow_id)
) PARTITION BY RANGE (flow_day);

CREATE INDEX flows_started ON flow.flows (started_at DESC, flow_id DESC);
CREATE INDEX flows_user ON flow.flows (user_id, started_at DESC, flow_id DESC);
CREATE INDEX flows_session ON flow.flows (session_id, started_at DESC, flow_id DESC);
CREATE INDEX flows_running ON flow.flows (last_event_at) WHERE status = 'running';

-- A row per node of a flow's tree.
CREATE TABLE flow.checkpoints (
  flow_day      date NOT NULL,
  flow_id       text COLLATE "C" NOT NULL,
  node_id       integer NOT NULL,
  parent_id     integer,
  checkpoint    text NOT NULL,
  status        text NOT NULL CHECK (status IN ('running', 'ok', 'error')),
  started_at    timestamptz NOT NULL,
  ended_at      timestamptz,                    -- null while it runs, and for an instant checkpoint
  duration_ms   double precision,
  attributes    jsonb NOT NULL DEFAULT '{}',
  error         jsonb,
  input_tokens  bigint,
  output_tokens bigint,
  end_seq       integer,                        -- seq of the event that ended it
  PRIMARY KEY (flow_day, flow_id, node_id)
) PARTITION BY RANGE (flow_day);

CREATE INDEX checkpoints_started ON flow.checkpoints USING brin (started_at);

-- Catch clocks that are off by more than the partitions made ahead.
CREATE TABLE flow.flows_default PARTITION OF flow.flows DEFAULT;
CREATE TABLE flow.checkpoints_default PARTITION OF flow.checkpoints DEFAULT;

-- Makes the missing day partitions from first to last, both included; returns how many tables it made. A day of which
-- the default partition already holds rows stays there.
CREATE FUNCTION flow.create_day_partitions(first date, last date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  made   integer := 0;
  day    date;
  parent text;
  child  text;
  taken  boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('flow.create_day_partitions'));
  FOR day IN SELECT generate_series(first, last, interval '1 day')::date LOOP
    FOREACH parent IN ARRAY ARRAY['flows', 'checkpoints'] LOOP
      child := parent || '_p' || to_char(day, 'YYYYMMDD');
      CONTINUE WHEN to_regclass(format('flow.%I', child)) IS NOT NULL;
      EXECUTE format('SELECT EXISTS (SELECT FROM flow.%I WHERE flow_day = $1)', parent || '_default') INTO taken USING day;
      CONTINUE WHEN taken;
      EXECUTE format('CREATE TABLE flow.%I PARTITION OF flow.%I FOR VALUES FROM (%L) TO (%L)', child, parent, day, day + 1);
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END
$$;

-- Whose flows are published live, and until when. Redis holds a projection of it.
CREATE TABLE flow.monitoring (
  user_id    text PRIMARY KEY,
  enabled_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  enabled_by text
);

CREATE INDEX monitoring_expires ON flow.monitoring (expires_at);

CREATE TABLE flow.monitoring_audit (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT now(),
  action     text NOT NULL CHECK (action IN ('enable', 'extend', 'disable', 'expire')),
  user_id    text NOT NULL,
  actor      text,
  expires_at timestamptz
);

CREATE INDEX monitoring_audit_user ON flow.monitoring_audit (user_id, at DESC);

SELECT flow.create_day_partitions((now() AT TIME ZONE 'UTC')::date - 1, (now() AT TIME ZONE 'UTC')::date + 7);

COMMIT;
