import type { PoolClient } from '../platform/postgres/pool';
import { addToCallStats } from './call-stats-store';
import type { EndedCheckpoint, StatsChanges } from './rows';
import { countableTokens, countInHistogram, inKeyOrder, SLOT_SECONDS, slotBegin } from './slots';

/** What a batch adds to one row of the roll-up. */
interface Slot {
  slotSeconds: number;
  /** Begin of the slot, epoch s. */
  slotAt: number;
  checkpoint: string;
  count: number;
  errors: number;
  durationSumMs: number;
  histogram: number[];
  inputTokens: number;
  outputTokens: number;
}

/** Sums of tokens stay where they are once JavaScript can't count on. */
const ADD = `INSERT INTO flow.checkpoint_stats AS s
  (slot_s, slot_at, checkpoint, count, errors, duration_sum_ms, histogram, input_tokens, output_tokens)
SELECT slot_s, to_timestamp(slot_at), checkpoint, count, errors, duration_sum_ms, histogram::integer[], input_tokens, output_tokens
FROM unnest($1::int[], $2::float8[], $3::text[], $4::bigint[], $5::bigint[], $6::float8[], $7::text[], $8::bigint[], $9::bigint[])
  AS u(slot_s, slot_at, checkpoint, count, errors, duration_sum_ms, histogram, input_tokens, output_tokens)
ON CONFLICT (slot_s, slot_at, checkpoint) DO UPDATE SET
  count = s.count + EXCLUDED.count,
  errors = s.errors + EXCLUDED.errors,
  duration_sum_ms = s.duration_sum_ms + EXCLUDED.duration_sum_ms,
  histogram = flow.add_histograms(s.histogram, EXCLUDED.histogram),
  input_tokens = s.input_tokens + LEAST(EXCLUDED.input_tokens, ${Number.MAX_SAFE_INTEGER} - s.input_tokens),
  output_tokens = s.output_tokens + LEAST(EXCLUDED.output_tokens, ${Number.MAX_SAFE_INTEGER} - s.output_tokens)`;

/** An instant checkpoint has a duration, too; one that an older producer gave none counts as 0 ms. */
function add(slot: Slot, ended: EndedCheckpoint, times: 1 | -1): void {
  const durationMs = ended.durationMs ?? 0;
  countInHistogram(slot.histogram, durationMs, times);
  slot.count += times;
  if (ended.status === 'error') slot.errors += times;
  slot.durationSumMs += times * durationMs;
  slot.inputTokens += times * ended.inputTokens;
  slot.outputTokens += times * ended.outputTokens;
}

function toSlots({ ended, takenBack }: StatsChanges): Slot[] {
  const slots = new Map<string, Slot>();
  const count = (checkpoint: EndedCheckpoint, times: 1 | -1): void => {
    for (const slotSeconds of SLOT_SECONDS) {
      const slotAt = slotBegin(checkpoint.endedTs, slotSeconds);
      const key = `${slotSeconds}:${slotAt}:${checkpoint.checkpoint}`;
      let slot = slots.get(key);
      if (slot === undefined) {
        const sums = { count: 0, errors: 0, durationSumMs: 0, inputTokens: 0, outputTokens: 0 };
        slot = { slotSeconds, slotAt, checkpoint: checkpoint.checkpoint, histogram: [], ...sums };
        slots.set(key, slot);
      }
      add(slot, checkpoint, times);
    }
  };
  for (const checkpoint of ended) count(checkpoint, 1);
  for (const checkpoint of takenBack) count(checkpoint, -1);
  return inKeyOrder(slots);
}

/** Adds what has ended to the roll-ups, and takes back what does not hold. The last of a transaction, since its rows are everybody's. */
export async function addToStats(client: PoolClient, changes: StatsChanges): Promise<void> {
  const slots = toSlots(changes);
  if (slots.length === 0) return;
  const values = [
    slots.map((slot) => slot.slotSeconds),
    slots.map((slot) => slot.slotAt),
    slots.map((slot) => slot.checkpoint),
    slots.map((slot) => slot.count),
    slots.map((slot) => slot.errors),
    slots.map((slot) => slot.durationSumMs),
    slots.map((slot) => `{${slot.histogram.join(',')}}`),
    slots.map((slot) => countableTokens(slot.inputTokens)),
    slots.map((slot) => countableTokens(slot.outputTokens)),
  ];
  await client.query({ name: 'add_to_stats', text: ADD, values });
  await addToCallStats(client, changes);
}
