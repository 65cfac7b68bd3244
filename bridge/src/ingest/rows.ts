import type { Attributes, CheckpointStatus, ErrorInfo, FlowEndStatus } from '@flow-tracking/protocol';

/** What a batch of events knows of one flow; null: nothing. Times are epoch ms. */
export interface FlowRow {
  /** UTC day that the flow's id tells, `YYYY-MM-DD`: the partition. */
  flowDay: string;
  flowId: string;
  sessionId: string;
  /** `seq` of the event that told the session; -1: none did. */
  sessionSeq: number;
  userId: string | null;
  /** `seq` of the event that told the user; -1: none did. */
  userSeq: number;
  /** Empty when the flow's start is not in the batch. */
  name: string;
  service: string;
  instance: string;
  status: 'running' | FlowEndStatus;
  startedTs: number;
  endedTs: number | null;
  durationMs: number | null;
  httpStatus: number | null;
  error: ErrorInfo | null;
  traceId: string | null;
  attributes: Attributes;
  /** Counts of the batch's own checkpoints. */
  checkpointCount: number;
  errorCount: number;
  inputTokens: number | null;
  outputTokens: number | null;
  lastSeq: number;
  lastEventTs: number;
}

/** What a batch of events knows of one checkpoint. */
export interface CheckpointRow {
  flowDay: string;
  flowId: string;
  nodeId: number;
  parentId: number | null;
  checkpoint: string;
  status: CheckpointStatus;
  startedTs: number;
  endedTs: number | null;
  durationMs: number | null;
  attributes: Attributes;
  error: ErrorInfo | null;
  inputTokens: number | null;
  outputTokens: number | null;
  endSeq: number | null;
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
