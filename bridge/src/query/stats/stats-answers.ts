import {
  CHECKPOINT_STATUSES,
  HISTOGRAM_MEASURES,
  type CheckpointFigures,
  type CheckpointHistogram,
  type CheckpointList,
  type CheckpointSeries,
  type CheckpointSlot,
  type CheckpointStats,
  type CheckpointSummary,
  type ModelCalls,
  type SlowCheckpoint,
  type SlowCheckpoints,
} from '@flow-tracking/protocol';
import { z } from 'zod';
import { number, numberOrNull, object, text, textOrNull, ts, tsOrNull, whole } from '../../http/answer-fields';

const modelCalls = object<ModelCalls>('ModelCalls', {
  model: text.meta({ description: 'Empty: none was told, or it is not among the 50 with most tokens' }),
  count: whole,
  input_tokens: number,
  cached_input_tokens: number,
  output_tokens: number,
});

const figures: { [K in keyof CheckpointFigures]: z.ZodType<CheckpointFigures[K]> } = {
  count: whole,
  rate: number.meta({ description: 'A second, over the part of the span that has passed' }),
  errors: whole,
  error_rate: z.number().min(0).max(1),
  p50_ms: numberOrNull,
  p95_ms: numberOrNull,
  p99_ms: numberOrNull,
  mean_ms: numberOrNull,
  input_tokens: whole,
  output_tokens: whole,
  first_chunk_p50_ms: numberOrNull,
  first_chunk_p95_ms: numberOrNull,
  first_chunk_p99_ms: numberOrNull,
  models: z.array(modelCalls),
};

const checkpointSeries = object<CheckpointSeries>('CheckpointSeries', {
  checkpoint: text,
  total: object<CheckpointFigures>('CheckpointFigures', figures),
  slots: z.array(object<CheckpointSlot>('CheckpointSlot', { ts, ...figures })),
});

export const checkpointStats = object<CheckpointStats>('CheckpointStats', {
  from_ts: ts,
  to_ts: ts,
  interval_s: whole,
  checkpoints: z.array(checkpointSeries),
  has_more: z.boolean(),
});

export const checkpointSummary = object<CheckpointSummary>('CheckpointSummary', {
  from_ts: ts,
  to_ts: ts,
  checkpoints: z.array(z.strictObject({ checkpoint: text, ...figures })),
  has_more: z.boolean(),
});

export const checkpointHistogram = object<CheckpointHistogram>('CheckpointHistogram', {
  from_ts: ts,
  to_ts: ts,
  interval_s: whole,
  of: z.enum(HISTOGRAM_MEASURES),
  bounds_ms: z.array(number).meta({ description: 'Bucket i is from bound i up to bound i + 1' }),
  slots: z.array(z.strictObject({ ts, counts: z.array(whole) })),
  has_more: z.boolean(),
});

export const slowCheckpoints = object<SlowCheckpoints>('SlowCheckpoints', {
  checkpoints: z.array(
    object<SlowCheckpoint>('SlowCheckpoint', {
      flow_id: text,
      session_id: text,
      user_id: textOrNull,
      service: text,
      node_id: whole,
      checkpoint: text,
      status: z.enum(CHECKPOINT_STATUSES),
      started_ts: ts,
      duration_ms: number,
      limit_ms: number.meta({ description: 'What it is slower than' }),
    }),
  ),
  looked_back_to_ts: tsOrNull.meta({ description: 'Flows before it were not looked at; null: all were' }),
  has_more: z.boolean(),
});

export const checkpointList = object<CheckpointList>('CheckpointList', {
  checkpoints: z.array(z.strictObject({ checkpoint: text, count: whole, errors: whole })),
  has_more: z.boolean(),
});
