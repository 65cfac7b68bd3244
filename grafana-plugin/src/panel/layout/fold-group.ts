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

export function createGroup(
  nodes: FlowNodes,
  what: { readonly key: string; readonly parent: number; readonly checkpoint: string; readonly name: string },
): GroupWriter {
  const members: number[] = [];
  /** Each member as it was counted last. */
  const counted = new Map<number, PanelNode>();
  let running = 0;
  let failed = 0;
  let fresh: number[] = [];
  let median = createRunningMedian();
  let maxMs: number | null = null;
  let known: GroupSummary | null = null;

  const count = (node: PanelNode | undefined, change: 1 | -1): void => {
    if (node?.status === 'running') running += change;
    if (node?.status === 'error') failed += change;
  };
  const take = (index: number): void => {
    const before = counted.get(index);
    const node = nodes.list[index];
    if (node === undefined || node === before) return;
    count(before, -1);
    count(node, 1);
    counted.set(index, node);
    known = null;
    const [oldMs, ms] = [durationOf(before), durationOf(node)];
    if (oldMs === ms) return;
    if (oldMs !== null) recount();
    else if (ms !== null) fresh.push(ms);
  };
  /** A median can't forget: once a duration is another one, all are read again, when somebody asks. */
  const recount = (): void => {
    median = createRunningMedian();
    maxMs = null;
    fresh = [];
    for (const node of counted.values()) {
      const ms = durationOf(node);
      if (ms !== null) fresh.push(ms);
    }
  };
  return {
    ...what,
    members,
    add(index) {
      members.push(index);
      take(index);
    },
    remove(index) {
      const position = members.indexOf(index);
      if (position === -1) return;
      members.splice(position, 1);
      count(counted.get(index), -1);
      counted.delete(index);
      known = null;
      recount();
    },
    touch: take,
    summary() {
      if (known !== null) return known;
      for (const ms of fresh) {
        median.add(ms);
        maxMs = Math.max(maxMs ?? 0, ms);
      }
      fresh = [];
      const { key, checkpoint, name } = what;
      known = { key, checkpoint, name, count: members.length, running, failed, p50Ms: median.value, maxMs };
      return known;
    },
  };
}
