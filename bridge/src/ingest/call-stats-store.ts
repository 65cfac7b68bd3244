import type { PoolClient } from '../platform/postgres/pool';
import type { EndedCheckpoint, StatsChanges } from './rows';
import { countableTokens, countInHistogram, inKeyOrder, SLOT_SECONDS, slotBegin } from './slots';

/** What a batch adds to one row of the roll-up of model calls. */
interface CallSlot {
  slotSeconds: number;
  /** Begin of the slot, epoch s. */
  slotAt: number;
  checkpoint: string;
  model: string;
  count: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  firstChunkSumMs: number;
  histogram: number[];
}

const addTokens = (column: string): string =>
  `${column} = s.${column} + LEAST(EXCLUDED.${column}, ${Number.MAX_SAFE_INTEGER} - s.${column})`;

const ADD = `INSERT INTO flow.call_stats AS s (slot_s, slot_at, checkpoint, model, count, input_tokens, cached_input_tokens,
  output_tokens, first_chunk_sum_ms, first_chunk_histogram)
SELECT slot_s, to_timestamp(slot_at), checkpoint, model, count, input_tokens, cached_input_tokens, output_tokens,
  first_chunk_sum_ms, histogram::integer[]
FROM unnest($1::int[], $2::float8[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::float8[],
  $10::text[]) AS u(slot_s, slot_at, checkpoint, model, count, input_tokens, cached_input_tokens, output_tokens,
  first_chunk_sum_ms, histogram)
ON CONFLICT (slot_s, slot_at, checkpoint, model) DO UPDATE SET
  count = s.count + EXCLUDED.count,
  ${addTokens('input_tokens')},
  ${addTokens('cached_input_tokens')},
  ${addTokens('output_tokens')},
  first_chunk_sum_ms = s.first_chunk_sum_ms + EXCLUDED.first_chunk_sum_ms,
  first_chunk_histogram = COALESCE(flow.add_histograms(s.first_chunk_histogram, EXCLUDED.first_chunk_histogram), '{}')`;

function isCall({ inputTokens, outputTokens, call }: EndedCheckpoint): boolean {
  return call.model !== '' || call.firstChunkMs !== null || inputTokens > 0 || outputTokens > 0;
}

function add(slot: CallSlot, { inputTokens, outputTokens, call }: EndedCheckpoint, times: 1 | -1): void {
  slot.count += times;
  slot.inputTokens += times * inputTokens;
  slot.cachedInputTokens += times * call.cachedInputTokens;
  slot.outputTokens += times * outputTokens;
  if (call.firstChunkMs === null) return;
  slot.firstChunkSumMs += times * call.firstChunkMs;
  countInHistogram(slot.histogram, call.firstChunkMs, times);
}

function toSlots({ ended, takenBack }: StatsChanges): CallSlot[] {
  const slots = new Map<string, CallSlot>();
  const count = (checkpoint: EndedCheckpoint, times: 1 | -1): void => {
    if (!isCall(checkpoint)) return;
    const { model } = checkpoint.call;
    for (const slotSeconds of SLOT_SECONDS) {
      const slotAt = slotBegin(checkpoint.endedTs, slotSeconds);
      const key = JSON.stringify([slotSeconds, slotAt, checkpoint.checkpoint, model]);
      let slot = slots.get(key);
      if (slot === undefined) {
        const tokens = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
        const sums = { count: 0, ...tokens, firstChunkSumMs: 0, histogram: [] };
        slot = { slotSeconds, slotAt, checkpoint: checkpoint.checkpoint, model, ...sums };
        slots.set(key, slot);
      }
      add(slot, checkpoint, times);
    }
  };
  for (const checkpoint of ended) count(checkpoint, 1);
  for (const checkpoint of takenBack) count(checkpoint, -1);
  return inKeyOrder(slots);
}

/** Adds the model calls among what has ended to their roll-up, and takes back what does not hold. */
export async function addToCallStats(client: PoolClient, changes: StatsChanges): Promise<void> {
  const slots = toSlots(changes);
  if (slots.length === 0) return;
  const values = [
    slots.map((slot) => slot.slotSeconds),
    slots.map((slot) => slot.slotAt),
    slots.map((slot) => slot.checkpoint),
    slots.map((slot) => slot.model),
    slots.map((slot) => slot.count),
    slots.map((slot) => countableTokens(slot.inputTokens)),
    slots.map((slot) => countableTokens(slot.cachedInputTokens)),
    slots.map((slot) => countableTokens(slot.outputTokens)),
    slots.map((slot) => slot.firstChunkSumMs),
    slots.map((slot) => `{${slot.histogram.join(',')}}`),
  ];
  await client.query({ name: 'add_to_call_stats', text: ADD, values });
}
