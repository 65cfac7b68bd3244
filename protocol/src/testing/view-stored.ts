import type { CheckpointRecord } from '../record-fields';
import type { FlowView } from '../model/flow-view';
import type { StoredFlow } from '../model/stored-flow';

/** A stored flow as `viewFlow` gives it. */
export function viewStored(flow: StoredFlow): FlowView {
  const ids = [...new Set(flow.changes())].sort((a, b) => a - b);
  const checkpoints = ids
    .map((id) => flow.checkpoint(id))
    .filter((node): node is CheckpointRecord => node !== undefined);
  return { flow: flow.record(), checkpoints, missing: flow.missing() };
}
