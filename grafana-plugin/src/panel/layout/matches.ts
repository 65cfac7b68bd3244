import type { FlowNodes } from '../../frames/flow-nodes';
import { beginOf, endOf } from './node-span';
import { holdsWord, searchText } from './node-text';
import type { Query } from './query';

/** The nodes of one flow that a search and filters ask for, kept up with the flow. */
export interface Matches {
  /** Something is asked. */
  readonly isActive: boolean;
  /** All nodes were looked at. */
  readonly isDone: boolean;
  readonly count: number;
  /** Grows whenever another node matches, or no longer does. */
  readonly version: number;
  readonly has: (index: number) => boolean;
  /** Something is asked, and this node was looked at and is not it. */
  readonly isDimmed: (index: number) => boolean;
  /**
   * Takes in another question, and what the journal has beyond the last call: O(changed). A new question looks at all nodes,
   * as many in one call as it has time for; call again until it is done.
   *
   * @param query the same object as long as the question is the same; null for none
   * @param nowTs the servers' time, for nodes that run, epoch ms
   */
  update(query: Query | null, nowTs: number, budgetMs?: number): void;
}

/** What a frame can spare. */
const BUDGET_MS = 10;
/** So many nodes between two looks at the clock. */
const STRIDE = 128;

export function createMatches(nodes: FlowNodes): Matches {
  let asked: Query | null = null;
  let hits = new Uint8Array();
  let scanned = 0;
  let read = 0;
  let count = 0;
  let version = 0;
  /** Those whose duration still grows. */
  const running = new Set<number>();
  /** Of the nodes as they are, made when it is needed. */
  let texts: (string | undefined)[] = [];

  const isHit = (query: Query, index: number, nowTs: number): boolean => {
    const node = nodes.list[index];
    if (node === undefined) return false;
    if (query.checkpoints.size > 0 && !query.checkpoints.has(node.checkpoint)) return false;
    if (query.statuses.size > 0 && !query.statuses.has(node.status)) return false;
    if (query.minMs !== null && endOf(node, nowTs) - beginOf(node) < query.minMs) return false;
    if (query.words.length === 0) return true;
    const text = (texts[index] ??= searchText(node));
    return query.words.every((word) => holdsWord(text, word));
  };

  const judge = (query: Query, index: number, nowTs: number): void => {
    if (nodes.list[index]?.status === 'running') running.add(index);
    else running.delete(index);
    const hit = Number(isHit(query, index, nowTs));
    if (hits[index] === hit) return;
    hits[index] = hit;
    count += hit === 1 ? 1 : -1;
    version++;
  };

  const begin = (query: Query | null): void => {
    asked = query;
    hits = new Uint8Array(query === null ? 0 : nodes.list.length);
    scanned = count = 0;
    version++;
    running.clear();
    if (query === null || query.words.length === 0) texts = [];
  };

  const makeRoom = (): void => {
    if (hits.length >= nodes.list.length) return;
    const grown = new Uint8Array(Math.max(64, 2 * nodes.list.length));
    grown.set(hits);
    hits = grown;
  };

  return {
    get isActive() {
      return asked !== null;
    },
    get isDone() {
      return asked === null || scanned >= nodes.list.length;
    },
    get count() {
      return count;
    },
    get version() {
      return version;
    },
    has: (index) => hits[index] === 1,
    isDimmed: (index) => asked !== null && index < scanned && hits[index] !== 1,
    update(query, nowTs, budgetMs = BUDGET_MS) {
      if (query !== asked) begin(query);
      for (; read < nodes.journal.length; read++) {
        const index = nodes.journal[read] ?? -1;
        texts[index] = undefined;
        if (query !== null && index < scanned) judge(query, index, nowTs);
      }
      if (query === null) {
        texts = [];
        return;
      }
      makeRoom();
      const untilMs = performance.now() + budgetMs;
      while (scanned < nodes.list.length) {
        judge(query, scanned++, nowTs);
        if (scanned % STRIDE === 0 && performance.now() > untilMs) break;
      }
      if (query.minMs !== null) for (const index of [...running]) judge(query, index, nowTs);
    },
  };
}
