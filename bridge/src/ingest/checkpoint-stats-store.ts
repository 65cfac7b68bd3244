import { columnArrays, EPOCH_S, insertFromUnnest, type Column } from '../platform/postgres/columns';
import type { PoolClient } from '../platform/postgres/pool';
import { addToCallStats } from './call-stats-store';
import { rollUp, type RollUp, type SlotSums } from './roll-up';
import type { StatsChanges } from './rows';
import { addHistogram, addTokens, countableTokens, countInHistogram } from './slots';

/** What a batch adds to one row of the roll-up. */
interface Sums extends SlotSums {
  checkpoint: string;
  count: number;
  errors: number;
  durationSumMs: number;
  inputTokens: number;
  outputTokens: number;
}

const COLUMNS: readonly Column<Sums>[] = [
  ['slot_s', 'int', (sums) => sums.slotSeconds],
  ['slot_at', EPOCH_S, (sums) => sums.slotAt],
  ['checkpoint', 'text', (sums) => sums.checkpoint],
  ['count', 'bigint', (sums) => sums.count],
  ['errors', 'bigint', (sums) => sums.errors],
  ['duration_sum_ms', 'float8', (sums) => sums.durationSumMs],
  ['histogram', 'int[]', (sums) => `{${sums.histogram.join(',')}}`],
  ['input_tokens', 'bigint', (sums) => countableTokens(sums.inputTokens)],
  ['output_tokens', 'bigint', (sums) => countableTokens(sums.outputTokens)],
];

const ADD = `${insertFromUnnest('flow.checkpoint_stats', COLUMNS)}
ON CONFLICT (slot_s, slot_at, checkpoint) DO UPDATE SET
  count = t.count + EXCLUDED.count,
  errors = t.errors + EXCLUDED.errors,
  duration_sum_ms = t.duration_sum_ms + EXCLUDED.duration_sum_ms,
  histogram = flow.add_histograms(t.histogram, EXCLUDED.histogram),
  ${addTokens('input_tokens')},
  ${addTokens('output_tokens')}`;

const CHECKPOINTS: RollUp<Sums> = {
  keyOf: ({ checkpoint }) => checkpoint,
  begin: ({ checkpoint }) => ({ checkpoint, count: 0, errors: 0, durationSumMs: 0, inputTokens: 0, outputTokens: 0 }),
  addEnd(sums, end, times) {
    // An instant checkpoint has a duration, too; one that an older producer gave none counts as 0 ms.
    const durationMs = end.durationMs ?? 0;
    countInHistogram(sums.histogram, durationMs, times);
    sums.count += times;
    if (end.status === 'error') sums.errors += times;
    sums.durationSumMs += times * durationMs;
    sums.inputTokens += times * end.inputTokens;
    sums.outputTokens += times * end.outputTokens;
  },
  addSums(sums, other) {
    addHistogram(sums.histogram, other.histogram);
    sums.count += other.count;
    sums.errors += other.errors;
    sums.durationSumMs += other.durationSumMs;
    sums.inputTokens += other.inputTokens;
    sums.outputTokens += other.outputTokens;
  },
};

/** Adds what has ended to the roll-ups, and takes back what does not hold. The last of a transaction, since its rows are everybody's. */
export async function addToStats(client: PoolClient, changes: StatsChanges): Promise<void> {
  const rows = rollUp(CHECKPOINTS, changes);
  if (rows.length === 0) return;
  await client.query({ name: 'add_to_stats', text: ADD, values: columnArrays(COLUMNS, rows) });
  await addToCallStats(client, changes);
}
