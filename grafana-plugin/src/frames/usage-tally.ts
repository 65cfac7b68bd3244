import {
  ATTRIBUTES,
  firstChunkMs,
  usageOf,
  type Attributes,
  type CheckpointRecord,
  type Usage,
} from '@flow-tracking/protocol';
import type { CostOf } from './prices';

/** What a tally is told of a node. */
export interface TalliedNode {
  readonly id: string | number;
  readonly parentId: string | number | null;
  /** Epoch ms. */
  readonly startedTs: number;
  readonly attributes: Attributes;
}

/** What the model calls of one flow took. */
export interface UsageTotals {
  /** Model calls that told tokens. */
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  /** Of the calls that have a price; null when none has. */
  readonly cost: number | null;
  /** Calls without a price. */
  readonly unpriced: number;
  /** When the first chunk of all came, epoch ms; null when no node tells. */
  readonly firstChunkTs: number | null;
}

/** Sums up the model calls of one flow as its nodes come and change. */
export interface UsageTally {
  /** @param cost of the node's own tokens, null when it has none or no price */
  put(node: TalliedNode, cost: number | null): void;
  totals(): UsageTotals;
}

type Id = string | number;

interface Known {
  parentId: Id | null;
  usage: Usage | null;
  cost: number | null;
  isTool: boolean;
  isCounted: boolean;
}

/**
 * A wrapper (an agent, a chain, an SDK's outer call) repeats the tokens of the model calls within it. So a node's tokens
 * count only when no node around it tells any. Around ends at a tool: a model that a tool calls is a call of its own.
 * Each node is looked at again at most once, when something around it first tells tokens.
 */
export function createUsageTally(): UsageTally {
  const nodes = new Map<Id, Known>();
  const children = new Map<Id, Id[]>();
  const sum = { calls: 0, input: 0, output: 0, cost: 0, unpriced: 0 };
  let firstChunkTs: number | null = null;

  const count = (node: Known, isCounted: boolean): void => {
    if (node.usage === null || node.isCounted === isCounted) return;
    const sign = isCounted ? 1 : -1;
    node.isCounted = isCounted;
    sum.calls += sign;
    sum.input += sign * node.usage.input;
    sum.output += sign * node.usage.output;
    if (node.cost === null) sum.unpriced += sign;
    else sum.cost += sign * node.cost;
  };

  /** Parents may form a circle, so no way up is longer than there are nodes. */
  const isWithinCall = (node: Known): boolean => {
    let at = node;
    for (let steps = nodes.size; steps > 0 && !at.isTool && at.parentId !== null; steps--) {
      const parent = nodes.get(at.parentId);
      if (parent === undefined || parent === node) return false;
      if (parent.usage !== null) return true;
      at = parent;
    }
    return false;
  };

  const uncountWithin = (id: Id): void => {
    const seen = new Set<Id>([id]);
    const stack = [...(children.get(id) ?? [])];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const node = nodes.get(next);
      if (node === undefined || node.isTool || seen.has(next)) continue;
      seen.add(next);
      // What is within it does not count already.
      if (node.usage !== null) count(node, false);
      else stack.push(...(children.get(next) ?? []));
    }
  };

  const link = (id: Id, parentId: Id | null): void => {
    if (parentId === null || parentId === id) return;
    const siblings = children.get(parentId);
    if (siblings === undefined) children.set(parentId, [id]);
    else siblings.push(id);
  };

  return {
    put({ id, parentId, startedTs, attributes }, cost) {
      const chunkMs = firstChunkMs(attributes);
      if (chunkMs !== null) firstChunkTs = Math.min(firstChunkTs ?? Infinity, startedTs + chunkMs);
      let node = nodes.get(id);
      const isNew = node === undefined;
      if (node === undefined) {
        node = {
          parentId: parentId === id ? null : parentId,
          usage: null,
          cost: null,
          isTool: false,
          isCounted: false,
        };
        nodes.set(id, node);
        link(id, parentId);
      }
      node.isTool ||= attributes[ATTRIBUTES.toolName] !== undefined;
      const usage = usageOf(attributes) ?? node.usage;
      const isFirst = usage !== null && node.usage === null;
      count(node, false);
      Object.assign(node, { usage, cost });
      const hasChildren = children.has(id);
      const isWithin = (usage !== null || (isNew && hasChildren)) && isWithinCall(node);
      if (!isWithin) count(node, true);
      if (hasChildren && (isFirst || (isNew && isWithin))) uncountWithin(id);
    },
    totals: () => ({
      calls: sum.calls,
      input: sum.input,
      output: sum.output,
      cost: sum.calls === sum.unpriced ? null : sum.cost,
      unpriced: sum.unpriced,
      firstChunkTs,
    }),
  };
}

/** How a record of a checkpoint is told to a tally. */
export function talliedRecord({ node_id, parent_id, started_ts, attributes }: CheckpointRecord): TalliedNode {
  return { id: node_id, parentId: parent_id, startedTs: started_ts, attributes };
}

/** What the model calls of a flow cost; null when none has a price. */
export function costOfFlow(checkpoints: readonly CheckpointRecord[], costOf: CostOf): number | null {
  const tally = createUsageTally();
  for (const checkpoint of checkpoints) tally.put(talliedRecord(checkpoint), costOf(checkpoint.attributes));
  return tally.totals().cost;
}
