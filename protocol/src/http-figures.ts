import type { CheckpointStatus } from './events';

/** What calls of one model took. */
export interface ModelCalls {
  /** Empty: none was told, or it is not among the 50 with most tokens. */
  model: string;
  count: number;
  input_tokens: number;
  /** Of the input tokens, those that came from a cache. */
  cached_input_tokens: number;
  output_tokens: number;
}

/** What checkpoints of one name did in a span of time. Durations are read from buckets 12 % wide. */
export interface CheckpointFigures {
  /** Checkpoints that ended in it; an instant one ends when it happens. */
  count: number;
  /** A second, over the part of the span that has passed. */
  rate: number;
  errors: number;
  /** From 0 to 1. */
  error_rate: number;
  /** Percentiles and mean are null when no checkpoint told its duration. */
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
  mean_ms: number | null;
  input_tokens: number;
  output_tokens: number;
  /** From begin to first chunk, of those that told it; null when none did. */
  first_chunk_p50_ms: number | null;
  first_chunk_p95_ms: number | null;
  first_chunk_p99_ms: number | null;
  /** Those that told a model, tokens or a first chunk, most tokens first; empty when none did. */
  models: ModelCalls[];
}

/** Figures of one slot; `ts` is its begin. */
export interface CheckpointSlot extends CheckpointFigures {
  ts: number;
}

export interface CheckpointSeries {
  checkpoint: string;
  /** Over the whole range. */
  total: CheckpointFigures;
  /** By time; slots in which nothing ended are left out. */
  slots: CheckpointSlot[];
}

/** `GET /api/v1/stats/checkpoints`: by count, highest first. */
export interface CheckpointStats {
  /** The range that is summed: the one asked for, widened to whole slots. */
  from_ts: number;
  to_ts: number;
  interval_s: number;
  checkpoints: CheckpointSeries[];
  /** True when there are more names than an answer holds; ask for one by `checkpoint`. */
  has_more: boolean;
}

/** `GET /api/v1/stats/checkpoints/summary`: by count, highest first. */
export interface CheckpointSummary {
  /** The range that is summed: the one asked for, widened to whole slots. */
  from_ts: number;
  to_ts: number;
  checkpoints: ({ checkpoint: string } & CheckpointFigures)[];
  /** True when there are more names than an answer holds. */
  has_more: boolean;
}

export const HISTOGRAM_MEASURES = ['duration', 'first_chunk'] as const;
/** What a histogram is of: durations, or the time from begin to first chunk. */
export type HistogramMeasure = (typeof HISTOGRAM_MEASURES)[number];

/** `GET /api/v1/stats/checkpoints/histogram`: how many by slot of time and bucket, of all checkpoints asked for together. */
export interface CheckpointHistogram {
  /** The range that is summed: the one asked for, widened to whole slots. */
  from_ts: number;
  to_ts: number;
  interval_s: number;
  of: HistogramMeasure;
  /** Bucket i is from bound i up to bound i + 1; five a factor of ten. Empty when nothing is known. */
  bounds_ms: number[];
  /** By time; slots in which nothing ended are left out. */
  slots: { ts: number; counts: number[] }[];
  /** True when not all checkpoints are in it, as there are too many names. */
  has_more: boolean;
}

/** `GET /api/v1/checkpoints`: names of checkpoints that ended in the range, by count, highest first. */
export interface CheckpointList {
  checkpoints: { checkpoint: string; count: number; errors: number }[];
  has_more: boolean;
}

/** A checkpoint that took longer than it should. */
export interface SlowCheckpoint {
  flow_id: string;
  session_id: string;
  user_id: string | null;
  service: string;
  node_id: number;
  checkpoint: string;
  status: CheckpointStatus;
  started_ts: number;
  duration_ms: number;
  /** What it is slower than. */
  limit_ms: number;
}

/** `GET /api/v1/checkpoints/slow`: of the newest flows of the range, newest first. */
export interface SlowCheckpoints {
  checkpoints: SlowCheckpoint[];
  /** Flows that began before it were not looked at, as there are too many; null: all were. */
  looked_back_to_ts: number | null;
  /** True when there are more than an answer holds; those here are of the newest flows. */
  has_more: boolean;
}
