import { NONE, type Forest } from '../../layout/forest';

/** Which nodes only pass on the failure of a child: same type and message. They are no failure of their own. */
export interface PassedOn {
  has(index: number): boolean;
  /** Takes in what is new in the forest: O(changed), and once O(children) for each parent that fails. */
  update(): void;
}

export function createPassedOn(forest: Forest): PassedOn {
  const { list, journal } = forest.nodes;
  const marked = new Set<number>();
  let read = 0;
  let readMoves = 0;

  const isSame = (parent: number, child: number): boolean => {
    const [a, b] = [list[parent], list[child]];
    if (a?.status !== 'error' || b?.status !== 'error' || a.error === null || b.error === null) return false;
    return a.error.type === b.error.type && a.error.message === b.error.message;
  };
  const look = (index: number): void => {
    const parent = forest.parentOf(index);
    if (parent !== NONE && isSame(parent, index)) marked.add(parent);
  };

  return {
    has: (index) => marked.has(index),
    update() {
      for (; readMoves < forest.moves.length; readMoves++) look(forest.moves[readMoves] ?? NONE);
      for (; read < journal.length; read++) {
        const index = journal[read] ?? NONE;
        if (list[index]?.status !== 'error') continue;
        look(index);
        let child = forest.lastChildOf(index);
        while (child !== NONE && !isSame(index, child)) child = forest.previousSiblingOf(child);
        if (child !== NONE) marked.add(index);
      }
    },
  };
}
