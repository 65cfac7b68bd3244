import { CHECK_FLOW } from '@flow-tracking/protocol';
import { callFacts } from './call-facts';
import type { CheckpointState } from './checkpoints-store';
import type { FlowCounts } from './flows-store';
import type { OpenChange } from './open-checkpoints-store';
import type { CheckpointRow, EndedCheckpoint, StatsChanges } from './rows';

type StateAfter = Omit<CheckpointState, 'end' | 'isUnended'>;

/** What a batch changes: what has ended by it, and what it adds to the flows' counts. */
export interface Changes extends StatsChanges {
  counts: FlowCounts[];
}

/**
 * Compares the rows that a batch writes with how they stood before. Each checkpoint ends once in its life, however often
 * its events are delivered; an end of its own takes back the one that its flow gave it.
 *
 * @param knownFlows flows that were there before
 * @param before states of their checkpoints that were there before
 * @param reconciled what was changed after that, since flows have ended or go on
 */
export function countChanges(
  rows: readonly CheckpointRow[],
  knownFlows: ReadonlySet<string>,
  before: ReadonlyMap<CheckpointRow, CheckpointState>,
  reconciled: readonly OpenChange[] = [],
): Changes {
  const ended: EndedCheckpoint[] = [];
  const takenBack: EndedCheckpoint[] = [];
  const countsOf = createFlowCounts();
  for (const row of rows) {
    const was = before.get(row);
    const after = stateAfter(row, was);
    const replaced = row.end_seq !== null && was?.isUnended === true ? was.end : null;
    if (was !== undefined && replaced !== null) takenBack.push(endOf(row.checkpoint, was, replaced));
    const hasEnded = after.status !== 'running' && (was === undefined || was.status === 'running' || replaced !== null);
    // The checks' own are no figure of anybody.
    if (hasEnded && row.checkpoint !== CHECK_FLOW.checkpoint) {
      const end = { endedTs: row.ended_ts ?? row.started_ts, durationMs: row.duration_ms };
      ended.push(endOf(row.checkpoint, after, end, replaced !== null));
    }
    const corrected = was !== undefined && replaced === null ? correctionOf(row.checkpoint, was, after) : null;
    if (corrected !== null) {
      takenBack.push(corrected.counted);
      ended.push(corrected.right);
    }
    if (!knownFlows.has(row.flow_id)) continue;
    const flow = countsOf({ flowDay: row.flow_day, flowId: row.flow_id });
    if (replaced !== null) flow.unended -= 1;
    if (was === undefined) flow.checkpoints += 1;
    flow.errors += Number(after.status === 'error') - Number(was?.status === 'error');
    flow.inputTokens = addDifference(flow.inputTokens, was?.inputTokens, after.inputTokens);
    flow.outputTokens = addDifference(flow.outputTokens, was?.outputTokens, after.outputTokens);
  }
  for (const change of reconciled) {
    const { checkpoint, status, wasStatus, wasEndedTs } = change;
    if (wasEndedTs !== null) {
      const was = { ...change, status: wasStatus };
      takenBack.push(endOf(checkpoint, was, { endedTs: wasEndedTs, durationMs: change.wasDurationMs }));
    }
    if (change.endedTs !== null) {
      const end = { endedTs: change.endedTs, durationMs: change.durationMs };
      ended.push(endOf(checkpoint, change, end, wasEndedTs !== null));
    }
    const flow = countsOf(change);
    flow.unended += Number(change.endedTs !== null) - Number(wasEndedTs !== null);
    flow.errors += Number(status === 'error') - Number(wasStatus === 'error');
  }
  return { ended, takenBack, counts: countsOf.all().filter(isChange) };
}

/** Counts by flow, made when first asked for. */
function createFlowCounts() {
  const counts = new Map<string, FlowCounts>();
  const of = ({ flowDay, flowId }: { flowDay: string; flowId: string }): FlowCounts => {
    let flow = counts.get(flowId);
    if (flow === undefined) {
      flow = { flowDay, flowId, checkpoints: 0, errors: 0, inputTokens: null, outputTokens: null, unended: 0 };
      counts.set(flowId, flow);
    }
    return flow;
  };
  return Object.assign(of, { all: () => [...counts.values()] });
}

function endOf(
  checkpoint: string,
  { status, inputTokens, outputTokens, attributes }: StateAfter,
  { endedTs, durationMs }: { endedTs: number; durationMs: number | null },
  isCorrection = false,
): EndedCheckpoint {
  return {
    checkpoint,
    status,
    endedTs,
    durationMs,
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    call: callFacts(attributes, inputTokens ?? 0),
    isCorrection,
  };
}

/** An end that was counted before a begin told more of it: the model that was asked, as a rule. */
function correctionOf(
  checkpoint: string,
  was: CheckpointState,
  after: StateAfter,
): { counted: EndedCheckpoint; right: EndedCheckpoint } | null {
  if (was.end === null || checkpoint === CHECK_FLOW.checkpoint) return null;
  const counted = endOf(checkpoint, was, was.end, true);
  const right = endOf(checkpoint, after, was.end, true);
  const isSame =
    counted.inputTokens === right.inputTokens &&
    counted.outputTokens === right.outputTokens &&
    counted.call.model === right.call.model &&
    counted.call.cachedInputTokens === right.call.cachedInputTokens &&
    counted.call.firstChunkMs === right.call.firstChunkMs;
  return isSame ? null : { counted, right };
}

/** What the upsert makes of a row. */
function stateAfter(row: CheckpointRow, was: CheckpointState | undefined): StateAfter {
  const { status, attributes, input_tokens: inputTokens, output_tokens: outputTokens } = row;
  const told = { status, attributes, inputTokens, outputTokens };
  if (was === undefined) return told;
  // Of tokens, what the end says is final; a begin only fills in.
  const [first, second] = row.end_seq === null ? [was, told] : [told, was];
  return {
    status: status === 'running' ? was.status : status,
    inputTokens: first.inputTokens ?? second.inputTokens,
    outputTokens: first.outputTokens ?? second.outputTokens,
    // What an end says wins, too.
    attributes: { ...second.attributes, ...first.attributes },
  };
}

function addDifference(sum: number | null, was: number | null | undefined, after: number | null): number | null {
  if (after === null || after === was) return sum;
  return (sum ?? 0) + after - (was ?? 0);
}

function isChange({ checkpoints, errors, inputTokens, outputTokens, unended }: FlowCounts): boolean {
  return checkpoints !== 0 || errors !== 0 || unended !== 0 || inputTokens !== null || outputTokens !== null;
}
