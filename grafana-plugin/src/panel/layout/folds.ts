import { createGroup, MOST_APART, nameInGroup, type FoldGroup, type GroupWriter } from './fold-group';
import { NONE, type Forest } from './forest';

/** What a person wants folded. */
export interface FoldWish {
  /** Whether anything folds. */
  readonly on: boolean;
  /** Keys of the groups that were opened; a set that changes is a new object. */
  readonly opened: ReadonlySet<string>;
  /** A node that has to show, NONE for none: the groups that it or a node above it is of are open. */
  readonly kept: number;
}

/**
 * Which nodes of a flow are folded away. More than a few siblings with the same checkpoint and the same tool or model are a
 * group; the one that began first stands for all of them until the group is opened. Roots follow each other, so one with
 * children is a chapter of its own and never folds.
 */
export interface Folds {
  readonly forest: Forest;
  /** Indices of nodes that came to be shown, folded away, or to stand for others or no longer, from the very first on. */
  readonly changes: readonly number[];
  /** Counts how often a person has opened or closed a group, or all. */
  readonly turns: number;
  /** Keys of the groups that are only open since the kept node is of them. */
  readonly held: readonly string[];
  /** Whether another node stands for this one. One below such a node is not meant. */
  isAway(index: number): boolean;
  /** The closed group that this node stands for. What is below it is not shown. */
  closedAt(index: number): FoldGroup | null;
  /** The open group whose first node this is. */
  openAt(index: number): FoldGroup | null;
  /** The node that stands for this one, or itself. */
  leadOf(index: number): number;
  /** Keys of the groups, open or closed, that the node or one above it is of. */
  keysOver(index: number): readonly string[];
  /** Takes in what the forest and the flow's journal have beyond the last call: O(changed + levels above the kept node). */
  update(wish: FoldWish): void;
}

interface Group extends GroupWriter {
  first: number;
  closed: boolean;
  /** It has had enough members for folding. */
  large: boolean;
}

const NOTHING: ReadonlySet<string> = new Set();

export function createFolds(forest: Forest): Folds {
  const { list, journal } = forest.nodes;
  const changes: number[] = [];
  let groups = new Map<string, Group>();
  let groupOf: (Group | undefined)[] = [];
  /** By index; 1 for what is folded away. */
  let away = new Uint8Array(0);
  /** Parents with so many children that some of them may fold: of others nothing is kept. */
  let crowded = new Set<number>();
  /** The parent below which each node was last seen. */
  let seenBelow: number[] = [];
  let seen = 0;
  let readMoves = 0;
  let readJournal = 0;
  let turns = 0;
  let on = false;
  /** Something may have been laid out by it. */
  let known = false;
  let open: ReadonlySet<string> = NOTHING;
  let held: readonly string[] = [];
  const touched = new Set<Group>();
  /** Members that joined a group since the groups were settled last. */
  const joined: number[] = [];

  const isBefore = (a: number, b: number): boolean => {
    const difference = (list[a]?.startedTs ?? 0) - (list[b]?.startedTs ?? 0);
    return difference < 0 || (difference === 0 && a < b);
  };

  const makeRoom = (): void => {
    if (forest.size <= away.length) return;
    const larger = new Uint8Array(Math.max(64, 2 * forest.size));
    larger.set(away);
    away = larger;
  };

  /** One that arrives folded, or to stand for others, changes nothing that anybody has seen. */
  const note = (index: number): void => {
    if (index !== NONE && index < seen) changes.push(index);
  };

  const setAway = (index: number, is: boolean): void => {
    if ((away[index] === 1) === is) return;
    away[index] = is ? 1 : 0;
    note(index);
  };

  const groupFor = (parent: number, checkpoint: string, name: string): Group => {
    const key = [list[parent]?.id ?? '', checkpoint, name].join('\u0000');
    let group = groups.get(key);
    if (group === undefined) {
      const writer = createGroup(forest.nodes, { key, parent, checkpoint, name });
      group = Object.assign(writer, { first: NONE, closed: false, large: false });
      groups.set(key, group);
    }
    return group;
  };

  const leave = (index: number, group: Group): void => {
    group.remove(index);
    groupOf[index] = undefined;
    setAway(index, false);
    if (group.members.length === 0) groups.delete(group.key);
    touched.add(group);
    if (group.first !== index) return;
    if (group.closed) note(index);
    group.first = group.members.reduce((first, at) => (first === NONE || isBefore(at, first) ? at : first), NONE);
    if (group.closed && group.first !== NONE) {
      setAway(group.first, false);
      note(group.first);
    }
  };

  const join = (index: number, group: Group): void => {
    groupOf[index] = group;
    group.add(index);
    touched.add(group);
    joined.push(index);
    if (group.first !== NONE && !isBefore(index, group.first)) return;
    if (group.closed && group.first !== NONE) {
      note(group.first);
      note(index);
      setAway(group.first, true);
    }
    group.first = index;
  };

  const assign = (index: number): void => {
    const node = list[index];
    if (node === undefined || index >= forest.size) return;
    const parent = forest.parentOf(index);
    const before = groupOf[index];
    if (parent === NONE ? forest.firstChildOf(index) !== NONE : !crowded.has(parent)) {
      if (before !== undefined) leave(index, before);
      return;
    }
    const name = nameInGroup(node);
    if (before?.parent === parent && before.checkpoint === node.checkpoint && before.name === name) {
      before.touch(index);
      return;
    }
    if (before !== undefined) leave(index, before);
    join(index, groupFor(parent, node.checkpoint, name));
  };

  /** A parent has won or lost a child: it is crowded or no longer, or a root that is of another kind now. */
  const review = (parent: number): void => {
    if (parent === NONE) return;
    if (forest.parentOf(parent) === NONE) assign(parent);
    if (forest.childCountOf(parent) > MOST_APART === crowded.has(parent)) return;
    if (!crowded.delete(parent)) crowded.add(parent);
    for (let at = forest.firstChildOf(parent); at !== NONE; at = forest.nextSiblingOf(at)) assign(at);
  };

  const takeIn = (): void => {
    for (; readMoves < forest.moves.length; readMoves++) {
      const index = forest.moves[readMoves] ?? NONE;
      const parent = forest.parentOf(index);
      const before = seenBelow[index] ?? NONE;
      seenBelow[index] = parent;
      if (before !== parent) review(before);
      review(parent);
      assign(index);
    }
    for (; readJournal < journal.length; readJournal++) assign(journal[readJournal] ?? NONE);
  };

  /** Opens or closes a group as it has to be, and folds away who has joined a closed one. */
  const settle = (group: Group, byPerson: boolean): void => {
    const large = group.members.length > MOST_APART;
    const closed = large && !open.has(group.key);
    if (closed !== group.closed) {
      if (byPerson && large && group.large) turns++;
      group.closed = closed;
      for (const index of group.members) setAway(index, closed && index !== group.first);
      note(group.first);
    }
    group.large = large;
  };

  const keysOver = (index: number): string[] => {
    const keys: string[] = [];
    for (let at = index; at !== NONE; at = forest.parentOf(at)) {
      const group = groupOf[at];
      if (group !== undefined && group.members.length > MOST_APART) keys.push(group.key);
    }
    return keys;
  };

  const begin = (isOn: boolean): void => {
    for (const [index, is] of away.entries()) if (is === 1) changes.push(index);
    on = isOn;
    groups = new Map();
    groupOf = [];
    crowded = new Set();
    away = new Uint8Array(0);
    seenBelow = [];
    seen = readMoves = readJournal = 0;
    if (known) turns++;
  };

  return {
    forest,
    changes,
    get turns() {
      return turns;
    },
    get held() {
      return held;
    },
    isAway: (index) => away[index] === 1,
    closedAt(index) {
      const group = groupOf[index];
      return group?.closed === true && group.first === index ? group : null;
    },
    openAt(index) {
      const group = groupOf[index];
      return group?.large === true && !group.closed && group.first === index ? group : null;
    },
    leadOf: (index) => (away[index] === 1 ? (groupOf[index]?.first ?? index) : index),
    keysOver,
    update(wish) {
      if (wish.on !== on) begin(wish.on);
      known = true;
      if (!on) {
        held = [];
        return;
      }
      makeRoom();
      takeIn();
      const before = open;
      const { opened } = wish;
      held = wish.kept < forest.size ? keysOver(wish.kept).filter((key) => !opened.has(key)) : [];
      open = held.length === 0 ? opened : new Set([...opened, ...held]);
      for (const group of touched) settle(group, before.has(group.key) !== open.has(group.key));
      touched.clear();
      for (const index of joined) {
        const group = groupOf[index];
        if (group !== undefined) setAway(index, group.closed && index !== group.first);
      }
      joined.length = 0;
      if (before !== open) {
        for (const key of [...before, ...open]) {
          const group = groups.get(key);
          if (group !== undefined) settle(group, true);
        }
      }
      seen = forest.size;
    },
  };
}
