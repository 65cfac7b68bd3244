import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { FlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { createRunningMedian } from './running-median';

/** So many equal siblings still stand apart; more of them fold. */
export const MOST_APART = 10;

/** What a card or a row says of a group. The same object as long as nothing of it has changed. */
export interface GroupSummary {
  readonly key: string;
  readonly checkpoint: string;
  /** Tool or model that all of them name; may be empty. */
  readonly name: string;
  readonly count: number;
  readonly running: number;
  readonly failed: number;
  /** Of those that have ended, ms; null when none has. */
  readonly p50Ms: number | null;
  readonly maxMs: number | null;
}

/** A group runs as long as one of it does; then it has failed when one has. */
export function groupStatus({ running, failed }: GroupSummary): PanelNode['status'] {
  if (running > 0) return 'running';
  return failed > 0 ? 'error' : 'ok';
}

/** Siblings that nothing but their times and outcomes tells apart. */
export interface FoldGroup {
  readonly key: string;
  readonly parent: number;
  readonly checkpoint: string;
  readonly name: string;
  /** In the order in which they came. */
  readonly members: readonly number[];
  summary(): GroupSummary;
}

export interface GroupWriter extends FoldGroup {
  add(index: number): void;
  remove(index: number): void;
  /** A member has changed. */
  touch(index: number): void;
}

/** What equal siblings have in common beside their checkpoint: the tool they call, or the model they ask. */
export function nameInGroup({ attributes }: Pick<PanelNode, 'attributes'>): string {
  for (const attribute of [ATTRIBUTES.toolName, ATTRIBUTES.requestModel]) {
    const value = attributes[attribute];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

const durationOf = (node: PanelNode | undefined): number | null =>
  node === undefined || node.status === 'running' || node.status === 'lost' ? null : node.durationMs;

/** What is counted of a group: as its members change, and only once somebody asks, since most groups never fold. */
interface Counts {
  take(index: number): void;
  drop(index: number): void;
  read(): Pick<GroupSummary, 'running' | 'failed' | 'p50Ms' | 'maxMs'>;
}

function createCounts(nodes: FlowNodes): Counts {
  /** Each member as it was counted last. */
  const counted = new Map<number, PanelNode>();
  let running = 0;
  let failed = 0;
  let fresh: number[] = [];
  let median = createRunningMedian();
  let maxMs: number | null = null;

  const count = (node: PanelNode | undefined, change: 1 | -1): void => {
    if (node?.status === 'running') running += change;
    if (node?.status === 'error') failed += change;
  };
  /** A median can't forget: once a duration is another one, all are read again, when somebody asks. */
  const recount = (): void => {
    median = createRunningMedian();
    maxMs = null;
    fresh = [...counted.values()].map(durationOf).filter((ms) => ms !== null);
  };
  return {
    take(index) {
      const before = counted.get(index);
      const node = nodes.list[index];
      if (node === undefined || node === before) return;
      count(before, -1);
      count(node, 1);
      counted.set(index, node);
      const [oldMs, ms] = [durationOf(before), durationOf(node)];
      if (oldMs === ms) return;
      if (oldMs !== null) recount();
      else if (ms !== null) fresh.push(ms);
    },
    drop(index) {
      count(counted.get(index), -1);
      counted.delete(index);
      recount();
    },
    read() {
      for (const ms of fresh) {
        median.add(ms);
        maxMs = Math.max(maxMs ?? 0, ms);
      }
      fresh = [];
      return { running, failed, p50Ms: median.value, maxMs };
    },
  };
}

export function createGroup(
  nodes: FlowNodes,
  what: { readonly key: string; readonly parent: number; readonly checkpoint: string; readonly name: string },
): GroupWriter {
  const members: number[] = [];
  let counts: Counts | null = null;
  let known: GroupSummary | null = null;
  return {
    ...what,
    members,
    add(index) {
      members.push(index);
      known = null;
      counts?.take(index);
    },
    remove(index) {
      const position = members.indexOf(index);
      if (position === -1) return;
      members.splice(position, 1);
      known = null;
      counts?.drop(index);
    },
    touch(index) {
      known = null;
      counts?.take(index);
    },
    summary() {
      if (known !== null) return known;
      if (counts === null) {
        counts = createCounts(nodes);
        for (const index of members) counts.take(index);
      }
      const { key, checkpoint, name } = what;
      known = { key, checkpoint, name, count: members.length, ...counts.read() };
      return known;
    },
  };
}
