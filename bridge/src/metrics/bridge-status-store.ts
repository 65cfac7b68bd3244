import type { Pool } from '../platform/postgres/pool';

/** Kinds of losses, as `flow.losses` names them. */
export type LossKind = 'flows_lost' | 'entries_trimmed' | 'dead_letters' | 'dead_letters_dropped';

export type Losses = Readonly<Record<LossKind, number>>;

/** What a bridge tells of itself; durations in ms, so that only the database's clock counts. */
export interface BridgeStatus {
  instance: string;
  machine: string;
  version: string;
  uptimeMs: number;
  hasStopped: boolean;
  /** Null: not known. */
  lag: { ms: number; entries: number } | null;
  /** How long it has been unable to write or measure a stream; null: it is able. */
  failingForMs: number | null;
  flowsStalled: number;
  eventsWritten: number;
  /** Since its start. */
  losses: Losses;
  /** Since it last told. */
  newLosses: Losses;
}

/** After this a bridge that was not stopped is not missed any longer. */
const FORGET_S = 3_600;
/** Three reports are missing; below the limit of the alert. */
const STALE_S = 40;
const KEEP_LOSSES_DAYS = 30;

/*
 * A bridge that a supervisor starts again on the same machine replaces the one that died: the row of that one goes, so that
 * nobody is called for a bridge that is back.
 */
const SAVE = `WITH me AS (
  SELECT now() - make_interval(secs => $4) AS started_at
), saved AS (
  INSERT INTO flow.bridge_status AS s (instance, machine, version, started_at, seen_at, stopped_at, lag_s, lag_entries,
    failing_since, flows_stalled, events_written, flows_lost, entries_trimmed, dead_letters, dead_letters_dropped)
  SELECT $1, $2, $3, started_at, now(), CASE WHEN $5 THEN now() END, $6, $7, now() - make_interval(secs => $8), $9, $10,
    $11, $12, $13, $14
  FROM me
  ON CONFLICT (instance) DO UPDATE SET
    seen_at = EXCLUDED.seen_at,
    stopped_at = EXCLUDED.stopped_at,
    lag_s = EXCLUDED.lag_s,
    lag_entries = EXCLUDED.lag_entries,
    failing_since = EXCLUDED.failing_since,
    flows_stalled = EXCLUDED.flows_stalled,
    events_written = EXCLUDED.events_written,
    flows_lost = EXCLUDED.flows_lost,
    entries_trimmed = EXCLUDED.entries_trimmed,
    dead_letters = EXCLUDED.dead_letters,
    dead_letters_dropped = EXCLUDED.dead_letters_dropped
), lost AS (
  INSERT INTO flow.losses (instance, kind, count)
  SELECT $1, kind, count FROM unnest($15::text[], $16::bigint[]) AS l(kind, count) WHERE count > 0
), forgotten AS (
  DELETE FROM flow.bridge_status AS s USING me
  WHERE instance <> $1 AND (
    seen_at < now() - make_interval(secs => ${FORGET_S})
    OR (machine = $2 AND seen_at < me.started_at AND seen_at < now() - make_interval(secs => ${STALE_S}))
  )
)
DELETE FROM flow.losses WHERE at < now() - interval '${KEEP_LOSSES_DAYS} days'`;

/** Writes a bridge's row and what it saw being lost, and forgets the bridges that are long gone or were replaced. */
export async function saveBridgeStatus(pool: Pool, status: BridgeStatus): Promise<void> {
  const { losses, newLosses, lag, failingForMs } = status;
  await pool.query(SAVE, [
    status.instance,
    status.machine,
    status.version,
    status.uptimeMs / 1_000,
    status.hasStopped,
    lag === null ? null : lag.ms / 1_000,
    lag?.entries,
    failingForMs === null ? null : failingForMs / 1_000,
    status.flowsStalled,
    status.eventsWritten,
    losses.flows_lost,
    losses.entries_trimmed,
    losses.dead_letters,
    losses.dead_letters_dropped,
    Object.keys(newLosses),
    Object.values(newLosses),
  ]);
}
