import type { CheckpointStatus } from '@flow-tracking/protocol';
import type { FlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';

/** How many nodes of a flow there are of each kind, kept up with it. */
export interface Census {
  readonly checkpoints: ReadonlyMap<string, number>;
  readonly statuses: ReadonlyMap<CheckpointStatus, number>;
  /** Takes in what the flow's journal has beyond the last call: O(changed). */
  update(): void;
}

function count<K>(counts: Map<K, number>, key: K, change: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + change;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}

export function createCensus(nodes: FlowNodes): Census {
  const checkpoints = new Map<string, number>();
  const statuses = new Map<CheckpointStatus, number>();
  const counted: PanelNode[] = [];
  let read = 0;
  const add = ({ checkpoint, status }: PanelNode, change: 1 | -1): void => {
    count(checkpoints, checkpoint, change);
    count(statuses, status, change);
  };
  return {
    checkpoints,
    statuses,
    update() {
      for (; read < nodes.journal.length; read++) {
        const index = nodes.journal[read] ?? -1;
        const node = nodes.list[index];
        if (node === undefined) continue;
        const before = counted[index];
        if (before !== undefined) add(before, -1);
        add(node, 1);
        counted[index] = node;
      }
    },
  };
}
