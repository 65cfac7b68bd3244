import type { Forest } from '../layout/forest';
import { differenceOf, isDifferent } from './difference';
import { matchFlows, type Match } from './match-flows';

/** Two flows beside each other. */
export interface Comparison {
  /** All nodes of both, depth first. */
  readonly rows: readonly Match[];
  /** Those of them that differ, and what stands above them. */
  readonly differentRows: readonly Match[];
  /** How many rows differ. */
  readonly differences: number;
}

/** @returns O(nodes), but for siblings that stand in another order */
export function compareFlows(own: Forest, other: Forest): Comparison {
  const rows = matchFlows(own, other);
  const differentRows: Match[] = [];
  let differences = 0;
  /** The depth of the row that stands above one that is kept. */
  let wanted = -1;
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (row === undefined) continue;
    const differs = isDifferent(differenceOf(own.nodes.list[row.own], other.nodes.list[row.other], 0));
    if (differs) differences++;
    if (!differs && row.depth !== wanted) continue;
    differentRows.push(row);
    wanted = row.depth - 1;
  }
  return { rows, differentRows: differentRows.reverse(), differences };
}
