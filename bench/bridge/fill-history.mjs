/** Letters of flow ids: Crockford's base32. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const NAMES = [
  ['auth_check', 2],
  ['block_check', 3],
  ['quota_check', 8],
  ['retrieval', 120],
  ['llm_thinking', 4_000],
  ['tool_call', 350],
  ['llm_complete', 1_200],
  ['rerank', 60],
  ['moderation', 90],
  ['embed_query', 45],
  ['db_lookup', 6],
  ['cache_check', 0.4],
];
const NODES = 7;
const BATCHES = 10;

/** SQL of `n` written in base32 with so many letters. @param {string} n @param {number} length */
const base32 = (n, length) =>
  Array.from({ length }, (_, i) => `substr('${ALPHABET}', ((${n} >> ${5 * (length - 1 - i)}) & 31)::int + 1, 1)`).join(
    ' || ',
  );

/** Half of the flows belong to a quarter of the users; a session is some ten flows of a user. */
const FLOWS = `INSERT INTO flow.flows (flow_day, flow_id, session_id, session_seq, user_id, user_seq, name, service, instance,
  status, started_at, ended_at, duration_ms, http_status, error, trace_id, attributes, checkpoint_count, error_count,
  input_tokens, output_tokens, last_seq, last_event_at)
SELECT (started_at AT TIME ZONE 'UTC')::date, ${base32('ms', 10)} || 'BENCH000' || ${base32('i', 8)},
  'session-' || u || '-' || i / ($2 / 50), 0, 'user-' || u, 1, 'POST /api/v1/ask/stream', 'chat', 'chat-' || i % 8,
  status, started_at, CASE WHEN status <> 'running' THEN started_at + make_interval(secs => ran_ms / 1000) END,
  CASE WHEN status <> 'running' THEN ran_ms END, CASE status WHEN 'ok' THEN 200 WHEN 'error' THEN 500 END,
  CASE WHEN status = 'error' THEN jsonb_build_object('type', 'TimeoutError', 'message', 'model call ' || i || ' took too long') END,
  md5(i::text), '{"http.request.method": "POST", "http.route": "/api/v1/ask/stream", "app.plan": "team"}',
  ${NODES}, (status = 'error')::int, 900 + i % 400, 300 + i % 900, ${2 * NODES}, started_at
FROM (
  SELECT i, ms, floor($3 * power(random(), 2))::int AS u, to_timestamp(ms / 1000.0 + random() / 1000) AS started_at,
    800 * exp(2 * random()) AS ran_ms,
    CASE WHEN i > $2 - 40 THEN 'running' WHEN random() < 0.02 THEN 'error' WHEN random() < 0.01 THEN 'aborted' ELSE 'ok' END AS status
  FROM (
    SELECT i, ($1::float8 + i * ($4::float8 / $2))::bigint AS ms FROM generate_series($5::bigint, $6::bigint) AS i
  ) AS times
) AS flows`;

const CHECKPOINTS = `INSERT INTO flow.checkpoints (flow_day, flow_id, node_id, parent_id, checkpoint, status, started_at,
  ended_at, duration_ms, attributes, error, input_tokens, output_tokens, end_seq)
SELECT flow_day, flow_id, node, CASE WHEN node > 4 THEN 4 END, names[which], CASE WHEN failed THEN 'error' ELSE 'ok' END,
  started_at + make_interval(secs => node * 0.05), started_at + make_interval(secs => node * 0.05 + ms / 1000), ms,
  CASE WHEN names[which] LIKE 'llm%'
    THEN '{"gen_ai.request.model": "sim-large-1", "gen_ai.usage.input_tokens": 1200, "gen_ai.usage.output_tokens": 500}'::jsonb
    ELSE '{"status": "passed"}'::jsonb END,
  CASE WHEN failed THEN '{"type": "TimeoutError", "message": "took too long"}'::jsonb END,
  CASE WHEN names[which] LIKE 'llm%' THEN 1200 END, CASE WHEN names[which] LIKE 'llm%' THEN 500 END, node + ${NODES}
FROM (
  SELECT f.flow_day, f.flow_id, f.started_at, node, which, names, f.status = 'error' AND node = ${NODES} AS failed,
    typical[which] * exp(1.6 * (random() + random() - 1)) AS ms
  FROM flow.flows AS f, generate_series(1, ${NODES}) AS node,
    LATERAL (SELECT CASE WHEN node < 6 THEN node ELSE 6 + (f.last_seq + ascii(right(f.flow_id, 1)) + node) % 7 END) AS w(which),
    (SELECT $1::text[], $2::float8[]) AS n(names, typical)
  WHERE f.flow_day = $3
) AS nodes`;

/** The roll-up as the writer would have it: every checkpoint in the slot of its end, in three widths. */
const STATS = `WITH buckets AS MATERIALIZED (
  SELECT width, date_bin(make_interval(secs => width), at, 'epoch'::timestamptz) AS slot_at, checkpoint, bucket,
    sum(n)::int AS n, sum(errors) AS errors, sum(ms) AS ms, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens
  FROM (
    SELECT date_bin('1 minute', COALESCE(ended_at, started_at), 'epoch'::timestamptz) AS at, checkpoint,
      flow.duration_bucket(duration_ms) AS bucket, count(*) AS n, count(*) FILTER (WHERE status = 'error') AS errors,
      sum(duration_ms) AS ms, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens
    FROM flow.checkpoints GROUP BY 1, 2, 3
  ) AS minutes, unnest(ARRAY[60, 600, 3600]) AS width GROUP BY 1, 2, 3, 4
), slots AS (
  SELECT width, slot_at, checkpoint, sum(n) AS n, sum(errors) AS errors, sum(ms) AS ms,
    COALESCE(sum(input_tokens), 0) AS input_tokens, COALESCE(sum(output_tokens), 0) AS output_tokens,
    jsonb_object_agg(bucket, n) AS by_bucket, max(bucket) AS last_bucket
  FROM buckets GROUP BY 1, 2, 3
)
INSERT INTO flow.checkpoint_stats
SELECT width, slot_at, checkpoint, n, errors, ms,
  (SELECT array_agg(COALESCE((by_bucket ->> b::text)::int, 0) ORDER BY b) FROM generate_series(0, last_bucket) AS b),
  input_tokens, output_tokens
FROM slots`;

/** The roll-up of model calls, as the writer would have it, in three widths; the first chunk came after a tenth of the time. */
const CALLS = `WITH slots AS (
  SELECT width, date_bin(make_interval(secs => width), ended_at, 'epoch'::timestamptz) AS slot_at, checkpoint,
    attributes ->> 'gen_ai.request.model' AS model, flow.duration_bucket(duration_ms / 10) AS bucket, count(*)::int AS n,
    sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(duration_ms / 10) AS ms
  FROM flow.checkpoints, unnest(ARRAY[60, 600, 3600]) AS width WHERE attributes ? 'gen_ai.request.model' GROUP BY 1, 2, 3, 4, 5
), sums AS (
  SELECT width, slot_at, checkpoint, model, sum(n) AS n, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
    sum(ms) AS ms, jsonb_object_agg(bucket, n) AS by_bucket, max(bucket) AS last_bucket
  FROM slots GROUP BY 1, 2, 3, 4
)
INSERT INTO flow.call_stats
SELECT width, slot_at, checkpoint, model, n, input_tokens, 0, output_tokens, ms,
  (SELECT array_agg(COALESCE((by_bucket ->> b::text)::int, 0) ORDER BY b) FROM generate_series(0, last_bucket) AS b)
FROM sums`;

/**
 * Fills an empty history with flows that began in the last `hours` hours, spread evenly, each with seven checkpoints. An
 * older schema has no roll-up of model calls.
 *
 * @param {import('pg').Client} client
 * @param {{ flows: number, users: number, hours: number, say: (text: string) => void }} options
 */
export async function fillHistory(client, { flows, users, hours, say }) {
  const spanMs = hours * 3_600_000;
  const firstMs = Date.now() - spanMs;
  const day = (/** @type {number} */ ms) => new Date(ms).toISOString().slice(0, 10);
  await client.query('SET synchronous_commit = off');
  await client.query("SET work_mem = '256MB'");
  await client.query('SELECT flow.create_day_partitions($1, $2)', [day(firstMs), day(Date.now())]);
  for (let batch = 0; batch < BATCHES; batch++) {
    say(`flows, ${batch + 1} of ${BATCHES}`);
    const from = Math.floor((batch * flows) / BATCHES);
    const to = Math.floor(((batch + 1) * flows) / BATCHES) - 1;
    await client.query(FLOWS, [firstMs, flows, users, spanMs, from, to]);
  }
  const names = NAMES.map(([name]) => name);
  const typical = NAMES.map(([, ms]) => ms);
  for (let ms = firstMs; day(ms) <= day(Date.now()); ms += 86_400_000) {
    say(`checkpoints of ${day(ms)}`);
    await client.query(CHECKPOINTS, [names, typical, day(ms)]);
  }
  say('roll-up');
  await client.query(STATS);
  const { rows } = await client.query("SELECT to_regclass('flow.call_stats') IS NOT NULL AS has_calls");
  if (rows[0].has_calls) await client.query(CALLS);
  say('vacuum');
  await client.query('VACUUM ANALYZE');
}
