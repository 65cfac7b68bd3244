import type { CheckpointState } from '../stores/checkpoints';
import type { FlowCounts } from '../stores/flows';
import type { CheckpointRow, EndedCheckpoint } from '../stores/rows';

/** What a batch changes: what has ended by it, and what it adds to flows that were there before. */
export interface Changes {
  /** Each checkpoint once in its life, however often its events are delivered. */
  ended: EndedCheckpoint[];
  counts: FlowCounts[];
}

/**
 * Compares the rows that a batch writes with how they stood before.
 *
 * @param knownFlows flows that were there before
 * @param before states of their checkpoints that were there before
 */
export function countChanges(
  rows: readonly CheckpointRow[],
  knownFlows: ReadonlySet<string>,
  before: ReadonlyMap<CheckpointRow, CheckpointState>,
): Changes {
  const ended: EndedCheckpoint[] = [];
  const counts = new Map<string, FlowCounts>();
  for (const row of rows) {
    const was = before.get(row);
    const after = stateAfter(row, was);
    if (after.status !== 'running' && (was === undefined || was.status === 'running')) {
      ended.push({
        checkpoint: row.checkpoint,
        status: after.status,
        endedTs: row.endedTs ?? row.startedTs,
        durationMs: row.durationMs,
        inputTokens: after.inputTokens ?? 0,
        outputTokens: after.outputTokens ?? 0,
      });
    }
    if (!knownFlows.has(row.flowId)) continue;
    let flow = counts.get(row.flowId);
    if (flow === undefined) {
      const { flowDay, flowId } = row;
      flow = { flowDay, flowId, checkpoints: 0, errors: 0, inputTokens: null, outputTokens: null };
      counts.set(flowId, flow);
    }
    if (was === undefined) flow.checkpoints += 1;
    flow.errors += Number(after.status === 'error') - Number(was?.status === 'error');
    flow.inputTokens = addDifference(flow.inputTokens, was?.inputTokens, after.inputTokens);
    flow.outputTokens = addDifference(flow.outputTokens, was?.outputTokens, after.outputTokens);
  }
  return { ended, counts: [...counts.values()].filter(isChange) };
}

/** What the upsert makes of a row. */
function stateAfter(row: CheckpointRow, was: CheckpointState | undefined): CheckpointState {
  if (was === undefined) return row;
  // Of tokens, what the end says is final; a begin only fills in.
  const [first, second] = row.endSeq === null ? [was, row] : [row, was];
  return {
    status: row.status === 'running' ? was.status : row.status,
    inputTokens: first.inputTokens ?? second.inputTokens,
    outputTokens: first.outputTokens ?? second.outputTokens,
  };
}

function addDifference(sum: number | null, was: number | null | undefined, after: number | null): number | null {
  if (after === null || after === was) return sum;
  return (sum ?? 0) + after - (was ?? 0);
}

function isChange({ checkpoints, errors, inputTokens, outputTokens }: FlowCounts): boolean {
  return checkpoints !== 0 || errors !== 0 || inputTokens !== null || outputTokens !== null;
}
