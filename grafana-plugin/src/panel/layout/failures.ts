import type { FlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';

/** The failures of one flow, kept up with it: where they began, not where they only passed through. */
export interface Failures {
  readonly count: number;
  /** The first of them, as the nodes began; -1 when there is none. */
  readonly firstIndex: number;
  /** Whether a failure began at this node. A failed node of which this is not true only passed on that of a child. */
  beganAt(index: number): boolean;
  /** Whether this node failed only since a child did, or only reports a failure. */
  passedOn(index: number): boolean;
  /** Takes in what the flow's journal has beyond the last call: O(changed). */
  update(): void;
}

/** What was taken in of a failed node. */
interface Known {
  readonly failure: string;
  /** Null also for a node that names itself. */
  readonly parentId: string | null;
}

/** The checkpoint by which an application reports that something failed. */
const REPORT = 'error';

/** Whether a node only reports a failure: then it has no error of its own. */
function isReport(node: PanelNode | undefined): boolean {
  return node?.checkpoint === REPORT && node.error === null;
}

/** What tells a failure from another; null for a node that has not failed. */
function failureOf(node: PanelNode | undefined): string | null {
  return node?.status === 'error' ? JSON.stringify([node.error?.type, node.error?.message]) : null;
}

/**
 * One failing tool is one failure: a node has passed it on when a child failed with the same error, and a report counts only
 * when nothing else failed.
 */
export function createFailures(nodes: FlowNodes): Failures {
  let read = 0;
  const began = new Set<number>();
  const reports = new Set<number>();
  const counted = (): ReadonlySet<number> => (began.size > 0 ? began : reports);
  /** What was taken in of each node. */
  const known: (Known | undefined)[] = [];
  /** How many children of a node failed by each failure. */
  const ofChildren = new Map<string, Map<string, number>>();

  const isBefore = (a: number, b: number): boolean => {
    const difference = (nodes.list[a]?.startedTs ?? 0) - (nodes.list[b]?.startedTs ?? 0);
    return difference < 0 || (difference === 0 && a < b);
  };

  const count = ({ failure, parentId }: Known, change: 1 | -1): void => {
    if (parentId === null) return;
    const counts = ofChildren.get(parentId) ?? new Map<string, number>();
    ofChildren.set(parentId, counts);
    counts.set(failure, (counts.get(failure) ?? 0) + change);
  };

  const judge = (index: number | undefined): void => {
    if (index === undefined) return;
    const node = nodes.list[index];
    const failure = known[index]?.failure;
    const passed = node === undefined || (ofChildren.get(node.id)?.get(failure ?? '') ?? 0) > 0;
    began.delete(index);
    reports.delete(index);
    if (failure !== undefined && !passed) (isReport(node) ? reports : began).add(index);
  };

  const takeIn = (index: number): void => {
    const node = nodes.list[index];
    if (node === undefined) return;
    const before = known[index];
    const failure = failureOf(node);
    const after =
      failure === null ? undefined : { failure, parentId: node.parentId === node.id ? null : node.parentId };
    if (before !== undefined) count(before, -1);
    if (after !== undefined) count(after, 1);
    known[index] = after;
    judge(index);
    for (const parentId of [before?.parentId, after?.parentId]) {
      if (typeof parentId === 'string') judge(nodes.indexOf(parentId));
    }
  };

  return {
    get count() {
      return counted().size;
    },
    get firstIndex() {
      let first = -1;
      for (const index of counted()) if (first === -1 || isBefore(index, first)) first = index;
      return first;
    },
    beganAt: (index) => counted().has(index),
    passedOn: (index) => nodes.list[index]?.status === 'error' && !counted().has(index),
    update() {
      for (; read < nodes.journal.length; read++) takeIn(nodes.journal[read] ?? -1);
    },
  };
}
