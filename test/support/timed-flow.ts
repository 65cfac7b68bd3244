import { createFlowIds, type Attributes, type FlowEvent } from '@flow-tracking/protocol';

const nextFlowId = createFlowIds();

/** A checkpoint of a flow that happened before the test. */
export interface TimedStep {
  readonly checkpoint: string;
  /** Ms since the flow's start. */
  readonly atMs: number;
  /** Undefined while it runs. */
  readonly tookMs?: number;
  /** Where its parent stands in the list; undefined for a root. */
  readonly below?: number;
  readonly tool?: string;
  /** The message that it failed with. */
  readonly error?: string;
}

/** The events of a flow with these checkpoints, as a middleware would have recorded them. */
export function timedFlow(options: {
  readonly userId: string;
  readonly sessionId?: string;
  /** Epoch ms. */
  readonly startedTs: number;
  /** Undefined while it runs. */
  readonly tookMs?: number;
  readonly steps: readonly TimedStep[];
}): { readonly id: string; readonly events: FlowEvent[] } {
  const { userId, startedTs, tookMs, steps } = options;
  const flow_id = nextFlowId(startedTs);
  const nodeIdOf = (step: number): number => 2 + step;
  const events: FlowEvent[] = [
    {
      type: 'flow_start',
      flow_id,
      seq: 0,
      ts: startedTs,
      session_id: options.sessionId ?? flow_id,
      name: 'POST /ask/stream',
      service: 'chat',
      instance: 'chat-1',
    },
    { type: 'flow_identified', flow_id, seq: 1, ts: startedTs, user_id: userId },
  ];
  const placeOf = ({ checkpoint, below }: TimedStep, step: number) => ({
    flow_id,
    node_id: nodeIdOf(step),
    parent_id: below === undefined ? null : nodeIdOf(below),
    checkpoint,
  });
  steps.forEach((step, i) => {
    const attributes: Attributes = step.tool === undefined ? {} : { 'gen_ai.tool.name': step.tool };
    const ts = startedTs + step.atMs;
    events.push({ type: 'checkpoint', ...placeOf(step, i), seq: nodeIdOf(i), ts, status: 'running', attributes });
  });
  let seq = nodeIdOf(steps.length);
  steps.forEach((step, i) => {
    if (step.tookMs === undefined) return;
    const started_ts = startedTs + step.atMs;
    const end = { ts: started_ts + step.tookMs, started_ts, duration_ms: step.tookMs };
    const outcome =
      step.error === undefined
        ? ({ status: 'ok' } as const)
        : ({ status: 'error', error: { type: 'Error', message: step.error } } as const);
    events.push({ type: 'checkpoint_end', ...placeOf(step, i), seq: seq++, ...end, ...outcome });
  });
  if (tookMs !== undefined) {
    events.push({
      type: 'flow_end',
      flow_id,
      seq,
      ts: startedTs + tookMs,
      status: 'ok',
      duration_ms: tookMs,
      http_status: 200,
    });
  }
  return { id: flow_id, events };
}
