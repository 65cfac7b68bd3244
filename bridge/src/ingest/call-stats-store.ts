import { columnArrays, EPOCH_S, insertFromUnnest, type Column } from '../platform/postgres/columns';
import type { PoolClient } from '../platform/postgres/pool';
import { rollUp, type RollUp, type SlotSums } from './roll-up';
import type { EndedCheckpoint, StatsChanges } from './rows';
import { addHistogram, addTokens, countableTokens, countInHistogram } from './slots';

/** What a batch adds to one row of the roll-up of model calls. */
interface CallSums extends SlotSums {
  checkpoint: string;
  model: string;
  count: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
  firstChunkSumMs: number;
}

const COLUMNS: readonly Column<CallSums>[] = [
  ['slot_s', 'int', (sums) => sums.slotSeconds],
  ['slot_at', EPOCH_S, (sums) => sums.slotAt],
  ['checkpoint', 'text', (sums) => sums.checkpoint],
  ['model', 'text', (sums) => sums.model],
  ['count', 'bigint', (sums) => sums.count],
  ['input_tokens', 'bigint', (sums) => countableTokens(sums.inputTokens)],
  ['cached_input_tokens', 'bigint', (sums) => countableTokens(sums.cachedInputTokens)],
  ['output_tokens', 'bigint', (sums) => countableTokens(sums.outputTokens)],
  ['first_chunk_sum_ms', 'float8', (sums) => sums.firstChunkSumMs],
  ['first_chunk_histogram', 'int[]', (sums) => `{${sums.histogram.join(',')}}`],
];

const ADD = `${insertFromUnnest('flow.call_stats', COLUMNS)}
ON CONFLICT (slot_s, slot_at, checkpoint, model) DO UPDATE SET
  count = t.count + EXCLUDED.count,
  ${addTokens('input_tokens')},
  ${addTokens('cached_input_tokens')},
  ${addTokens('output_tokens')},
  first_chunk_sum_ms = t.first_chunk_sum_ms + EXCLUDED.first_chunk_sum_ms,
  first_chunk_histogram = COALESCE(flow.add_histograms(t.first_chunk_histogram, EXCLUDED.first_chunk_histogram), '{}')`;

function isCall({ inputTokens, outputTokens, call }: EndedCheckpoint): boolean {
  return call.model !== '' || call.firstChunkMs !== null || inputTokens > 0 || outputTokens > 0;
}

const CALLS: RollUp<CallSums> = {
  // The length parts the two names, which may hold any character.
  keyOf: (end) => (isCall(end) ? `${end.checkpoint.length}:${end.checkpoint}${end.call.model}` : undefined),
  begin: ({ checkpoint, call }) => ({
    checkpoint,
    model: call.model,
    count: 0,
    inputTokens: 0,
    cachedInputTokens: 0,
    outputTokens: 0,
    firstChunkSumMs: 0,
  }),
  addEnd(sums, { inputTokens, outputTokens, call }, times) {
    sums.count += times;
    sums.inputTokens += times * inputTokens;
    sums.cachedInputTokens += times * call.cachedInputTokens;
    sums.outputTokens += times * outputTokens;
    if (call.firstChunkMs === null) return;
    sums.firstChunkSumMs += times * call.firstChunkMs;
    countInHistogram(sums.histogram, call.firstChunkMs, times);
  },
  addSums(sums, other) {
    sums.count += other.count;
    sums.inputTokens += other.inputTokens;
    sums.cachedInputTokens += other.cachedInputTokens;
    sums.outputTokens += other.outputTokens;
    sums.firstChunkSumMs += other.firstChunkSumMs;
    addHistogram(sums.histogram, other.histogram);
  },
};

/** Adds the model calls among what has ended to their roll-up, and takes back what does not hold. */
export async function addToCallStats(client: PoolClient, changes: StatsChanges): Promise<void> {
  const rows = rollUp(CALLS, changes);
  if (rows.length === 0) return;
  await client.query({ name: 'add_to_call_stats', text: ADD, values: columnArrays(COLUMNS, rows) });
}
