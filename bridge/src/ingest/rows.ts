import type { CheckpointRecord, CheckpointStatus, FlowRecord } from '@flow-tracking/protocol';

/** What a batch of events knows of one flow. Its counts and sums are those of the batch's own checkpoints. */
export interface FlowRow extends FlowRecord {
  /** UTC day that the flow's id tells, `YYYY-MM-DD`: the partition. */
  flow_day: string;
  /** `seq` of the event that told the session; -1: none did. */
  session_seq: number;
  /** `seq` of the event that told the user; -1: none did. */
  user_seq: number;
  /** `seq` of the event that told name and start; -1: none did. */
  name_seq: number;
  /** Of the latest event, epoch ms. */
  last_event_ts: number;
}

/** What a batch of events knows of one checkpoint. */
export interface CheckpointRow extends CheckpointRecord {
  flow_day: string;
  /** Null: not told. */
  input_tokens: number | null;
  output_tokens: number | null;
}

/** What a checkpoint tells of a model call. */
export interface CallFacts {
  /** That which answered, else that which was asked; empty: none was told. */
  model: string;
  /** Of the input tokens, those that came from a cache. */
  cachedInputTokens: number;
  /** From its begin to the first chunk; null: not told. */
  firstChunkMs: number | null;
}

/** A checkpoint's end, as the roll-up counts it. */
export interface EndedCheckpoint {
  checkpoint: string;
  status: CheckpointStatus;
  /** Epoch ms. */
  endedTs: number;
  durationMs: number | null;
  inputTokens: number;
  outputTokens: number;
  /** What it tells of a model call beside tokens. */
  call: CallFacts;
  /** It had ended before: by its flow. */
  isCorrection: boolean;
}

/** What a batch adds to the roll-up, and what it takes back from it. */
export interface StatsChanges {
  ended: EndedCheckpoint[];
  /** Ends that were counted and do not hold: those that a flow gave, and that an end of its own replaces. */
  takenBack: EndedCheckpoint[];
}
