import { createFlowIds, type CheckpointStatus, type ErrorInfo, type FlowStatus } from '@flow-tracking/protocol';
import { Client } from 'pg';

const nextFlowId = createFlowIds();

/** A flow as the tables have it; what is left out has a default. */
export interface HistoryFlow {
  flow_id?: string;
  session_id?: string;
  user_id?: string | null;
  name?: string;
  status?: FlowStatus;
  started_ts?: number;
  duration_ms?: number | null;
  error?: ErrorInfo | null;
  trace_id?: string | null;
  /** Names of its checkpoints, each the child of the one before. */
  checkpoints?: string[];
  checkpoint_status?: CheckpointStatus;
}

const INSERT_FLOWS = `INSERT INTO flow.flows (flow_day, flow_id, session_id, session_seq, user_id, user_seq, name, service,
  instance, status, started_at, ended_at, duration_ms, error, trace_id, checkpoint_count, last_seq, last_event_at)
SELECT flow_day, flow_id, session_id, 0, user_id, 0, name, 'chat', 'chat-1', status, to_timestamp(started_ts / 1000),
  to_timestamp((started_ts + duration_ms) / 1000), duration_ms, error, trace_id, jsonb_array_length(checkpoints),
  jsonb_array_length(checkpoints), to_timestamp(started_ts / 1000)
FROM jsonb_to_recordset($1) AS f(flow_day date, flow_id text, session_id text, user_id text, name text, status text,
  started_ts float8, duration_ms float8, error jsonb, trace_id text, checkpoints jsonb)`;

const INSERT_CHECKPOINTS = `INSERT INTO flow.checkpoints (flow_day, flow_id, node_id, parent_id, checkpoint, status,
  started_at, ended_at, duration_ms, end_seq)
SELECT flow_day, flow_id, node, NULLIF(node - 1, 0), checkpoint, checkpoint_status, to_timestamp(started_ts / 1000), NULL,
  CASE WHEN checkpoint_status <> 'running' THEN 1.5 END, NULL
FROM jsonb_to_recordset($1) AS f(flow_day date, flow_id text, started_ts float8, checkpoint_status text, checkpoints jsonb),
  jsonb_array_elements_text(checkpoints) WITH ORDINALITY AS c(checkpoint, node)`;

/** Puts flows into history past the stream, for tests of what reads them; returns their ids. */
export async function insertFlows(client: Client, flows: readonly HistoryFlow[]): Promise<string[]> {
  const rows = flows.map((flow) => {
    const started_ts = flow.started_ts ?? Date.now() - 60_000;
    const flow_id = flow.flow_id ?? nextFlowId(started_ts);
    return {
      flow_day: new Date(started_ts).toISOString().slice(0, 10),
      session_id: flow_id,
      user_id: '123',
      name: 'POST /ask/stream',
      status: 'ok',
      duration_ms: flow.status === 'running' ? null : 21,
      checkpoints: ['auth_check'],
      checkpoint_status: 'ok',
      ...flow,
      flow_id,
      started_ts,
    };
  });
  for (const statement of [INSERT_FLOWS, INSERT_CHECKPOINTS]) await client.query(statement, [JSON.stringify(rows)]);
  return rows.map((row) => row.flow_id);
}

/** Checkpoints that ended at one moment, for the roll-up. */
export interface EndedCheckpoints {
  checkpoint: string;
  ended_ts: number;
  durations_ms: number[];
  errors?: number;
  input_tokens?: number;
  output_tokens?: number;
}

const ADD_STATS = `INSERT INTO flow.checkpoint_stats AS t
SELECT width, date_bin(make_interval(secs => width), to_timestamp($2::float8 / 1000), 'epoch'::timestamptz), $1,
  cardinality($3::float8[]), $4, (SELECT COALESCE(sum(ms), 0) FROM unnest($3::float8[]) AS ms),
  (SELECT COALESCE(array_agg(n ORDER BY bucket), '{}') FROM (
    SELECT bucket, count(ms)::int AS n
    FROM generate_series(0, (SELECT max(flow.duration_bucket(ms)) FROM unnest($3::float8[]) AS ms)) AS bucket
    LEFT JOIN unnest($3::float8[]) AS ms ON flow.duration_bucket(ms) = bucket GROUP BY bucket) AS b), $5, $6
FROM unnest(ARRAY[60, 600, 3600]) AS width
ON CONFLICT (slot_s, slot_at, checkpoint) DO UPDATE SET count = t.count + EXCLUDED.count,
  errors = t.errors + EXCLUDED.errors, duration_sum_ms = t.duration_sum_ms + EXCLUDED.duration_sum_ms,
  histogram = flow.add_histograms(t.histogram, EXCLUDED.histogram),
  input_tokens = t.input_tokens + EXCLUDED.input_tokens, output_tokens = t.output_tokens + EXCLUDED.output_tokens`;

/** Adds to the roll-up, in all widths of slot. */
export async function addStats(client: Client, ended: readonly EndedCheckpoints[]): Promise<void> {
  for (const { checkpoint, ended_ts, durations_ms, errors = 0, input_tokens = 0, output_tokens = 0 } of ended) {
    await client.query(ADD_STATS, [checkpoint, ended_ts, durations_ms, errors, input_tokens, output_tokens]);
  }
}

/** Calls of one model that ended at one moment, for the roll-up of calls; one for each first chunk, one without any. */
export interface EndedCalls {
  checkpoint: string;
  model: string;
  ended_ts: number;
  first_chunks_ms: number[];
  input_tokens?: number;
  cached_input_tokens?: number;
  output_tokens?: number;
}

const ADD_CALLS = `INSERT INTO flow.call_stats AS t
SELECT width, date_bin(make_interval(secs => width), to_timestamp($3::float8 / 1000), 'epoch'::timestamptz), $1, $2,
  GREATEST(1, cardinality($4::float8[])), $5, $6, $7, (SELECT COALESCE(sum(ms), 0) FROM unnest($4::float8[]) AS ms),
  (SELECT COALESCE(array_agg(n ORDER BY bucket), '{}') FROM (
    SELECT bucket, count(ms)::int AS n
    FROM generate_series(0, (SELECT max(flow.duration_bucket(ms)) FROM unnest($4::float8[]) AS ms)) AS bucket
    LEFT JOIN unnest($4::float8[]) AS ms ON flow.duration_bucket(ms) = bucket GROUP BY bucket) AS b)
FROM unnest(ARRAY[60, 600, 3600]) AS width
ON CONFLICT (slot_s, slot_at, checkpoint, model) DO UPDATE SET count = t.count + EXCLUDED.count,
  input_tokens = t.input_tokens + EXCLUDED.input_tokens,
  cached_input_tokens = t.cached_input_tokens + EXCLUDED.cached_input_tokens,
  output_tokens = t.output_tokens + EXCLUDED.output_tokens,
  first_chunk_sum_ms = t.first_chunk_sum_ms + EXCLUDED.first_chunk_sum_ms,
  first_chunk_histogram = COALESCE(flow.add_histograms(t.first_chunk_histogram, EXCLUDED.first_chunk_histogram), '{}')`;

/** Adds to the roll-up of model calls, in all widths of slot. */
export async function addCalls(client: Client, ended: readonly EndedCalls[]): Promise<void> {
  for (const calls of ended) {
    const { checkpoint, model, ended_ts, first_chunks_ms } = calls;
    const tokens = [calls.input_tokens ?? 0, calls.cached_input_tokens ?? 0, calls.output_tokens ?? 0];
    await client.query(ADD_CALLS, [checkpoint, model, ended_ts, first_chunks_ms, ...tokens]);
  }
}

/** A connection past the bridge's. */
export async function connectHistory(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
