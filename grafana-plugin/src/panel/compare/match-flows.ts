import { ATTRIBUTES } from '@flow-tracking/protocol';
import { NONE, type Forest } from '../layout/forest';
import { align } from './align';

/** A node of one flow beside the node of another that stands for the same, or beside NONE. */
export interface Match {
  /** Index in this flow, or NONE. */
  readonly own: number;
  /** Index in the other flow, or NONE. */
  readonly other: number;
  /** Levels above it. */
  readonly depth: number;
}

/** What nodes are called on their paths, as numbers. */
interface Keys {
  /** The number of a checkpoint, and of its tool where it names one. */
  of(forest: Forest, index: number): number;
  /** By their names, whichever flow they were met in first. */
  isBefore(a: number, b: number): boolean;
}

function createKeys(): Keys {
  const byCheckpoint = new Map<string, Map<string, number>>();
  const names: string[] = [];
  return {
    of(forest, index) {
      const node = forest.nodes.list[index];
      const tool = node?.attributes[ATTRIBUTES.toolName];
      const name = node?.checkpoint ?? '';
      const tools = byCheckpoint.get(name) ?? new Map<string, number>();
      byCheckpoint.set(name, tools);
      const toolName = typeof tool === 'string' ? tool : '';
      let key = tools.get(toolName);
      if (key === undefined) {
        tools.set(toolName, (key = names.length));
        names.push(JSON.stringify([name, toolName]));
      }
      return key;
    },
    isBefore: (a, b) => (names[a] ?? '') < (names[b] ?? ''),
  };
}

function childrenOf(forest: Forest, index: number): number[] {
  if (index === NONE) return [];
  const children: number[] = [];
  for (let child = forest.firstChildOf(index); child !== NONE; child = forest.nextSiblingOf(child))
    children.push(child);
  return children;
}

function rootsOf(forest: Forest): number[] {
  const roots: number[] = [];
  for (let root = forest.firstRoot; root !== NONE; root = forest.nextSiblingOf(root)) roots.push(root);
  return roots;
}

interface Siblings {
  readonly forest: Forest;
  readonly indices: readonly number[];
}

/** The siblings of both flows in one order: this flow's, with what only the other has before what follows it there. */
function merged({ forest, indices: own }: Siblings, others: Siblings, depth: number, keys: Keys): Match[] {
  const other = others.indices;
  const matches: Match[] = [];
  if (own.length === 0 || other.length === 0) {
    for (const index of own) matches.push({ own: index, other: NONE, depth });
    for (const index of other) matches.push({ own: NONE, other: index, depth });
    return matches;
  }
  const partner = new Int32Array(own.length).fill(NONE);
  const isPaired = new Uint8Array(other.length);
  const ownKeys = own.map((index) => keys.of(forest, index));
  const otherKeys = other.map((index) => keys.of(others.forest, index));
  for (const [i, j] of align(ownKeys, otherKeys, (a, b) => keys.isBefore(a, b))) {
    partner[i] = j;
    isPaired[j] = 1;
  }
  let next = 0;
  const addOthersUpTo = (end: number): void => {
    for (; next < end; next++) {
      if (isPaired[next] === 0) matches.push({ own: NONE, other: other[next] ?? NONE, depth });
    }
  };
  own.forEach((index, i) => {
    const j = partner[i] ?? NONE;
    if (j !== NONE) addOthersUpTo(j);
    matches.push({ own: index, other: j === NONE ? NONE : (other[j] ?? NONE), depth });
  });
  addOthersUpTo(other.length);
  return matches;
}

/**
 * All nodes of both flows, depth first, each beside the one on the same path in the other flow. Only children of matched
 * nodes are matched, each with one at most. Iterative, since a flow may be 10,000 levels deep.
 */
export function matchFlows(own: Forest, other: Forest): Match[] {
  const keys = createKeys();
  const matches: Match[] = [];
  const open = merged(
    { forest: own, indices: rootsOf(own) },
    { forest: other, indices: rootsOf(other) },
    0,
    keys,
  ).reverse();
  for (let match = open.pop(); match !== undefined; match = open.pop()) {
    matches.push(match);
    const below = merged(
      { forest: own, indices: childrenOf(own, match.own) },
      { forest: other, indices: childrenOf(other, match.other) },
      match.depth + 1,
      keys,
    );
    for (let i = below.length - 1; i >= 0; i--) {
      const child = below[i];
      if (child !== undefined) open.push(child);
    }
  }
  return matches;
}
