import type { FlowNodes } from '../../frames/flow-nodes';
import type { SlowLimits } from './slow-limits';

/** The slow nodes of one flow, kept up with it. */
export interface SlowNodes {
  /** How many are slow at this time; looks at those that run alone. */
  countAt(nowTs: number): number;
  /** Whether the count may go up as time goes on. */
  readonly hasRunning: boolean;
  /** Takes in what the flow's journal has beyond the last call, O(changed); all of it when the limits are others. */
  update(limits: SlowLimits): void;
}

export function createSlowNodes(nodes: FlowNodes): SlowNodes {
  let limits: SlowLimits | null = null;
  let read = 0;
  const running = new Set<number>();
  const ended = new Set<number>();

  const judge = (index: number): void => {
    const node = nodes.list[index];
    if (node === undefined || limits === null) return;
    running.delete(index);
    ended.delete(index);
    if (node.status === 'running') running.add(index);
    else if (limits.markOf(node, 0) !== null) ended.add(index);
  };

  return {
    get hasRunning() {
      return running.size > 0;
    },
    countAt(nowTs) {
      let count = ended.size;
      for (const index of running) {
        const node = nodes.list[index];
        if (node !== undefined && limits !== null && limits.markOf(node, nowTs) !== null) count++;
      }
      return count;
    },
    update(next) {
      if (next !== limits) {
        limits = next;
        for (let index = 0; index < nodes.list.length; index++) judge(index);
        read = nodes.journal.length;
      }
      for (; read < nodes.journal.length; read++) judge(nodes.journal[read] ?? -1);
    },
  };
}
