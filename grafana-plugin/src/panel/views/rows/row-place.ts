import type { PanelNode } from '../../../frames/panel-flow';
import { groupLabel } from '../../group-text';
import { groupStatus, type GroupSummary } from '../../layout/fold-group';
import type { Looks } from '../../looks';

/** A row as its view draws it. All of it is told apart by value or identity, so that a row that is the same is not drawn. */
export interface RowPlace {
  readonly node: PanelNode;
  readonly row: number;
  /** Key of the element that draws it: rows take over those of rows that have left. */
  readonly slot: string;
  readonly depth: number;
  readonly isParent: boolean;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  /** It is the tab stop of the view. */
  readonly isActive: boolean;
  /** It failed only since one of its children did. */
  readonly isPassedOn: boolean;
  /** The equal siblings that it stands for. */
  readonly group: GroupSummary | null;
  /** How many it could stand for, if it is the first of so many; else 0. */
  readonly foldable: number;
  /** Whether it is what is looked for; null while nothing is. */
  readonly isMatch: boolean | null;
}

/** What assistive technology and tests are told of a row. */
export function rowAttributes(place: RowPlace, rowsAbove: number, looks: Looks) {
  const { node, row, depth, isParent, isOpen, isSelected, isActive, group, isMatch } = place;
  return {
    role: 'row',
    tabIndex: isActive ? 0 : -1,
    'aria-level': depth + 1,
    'aria-rowindex': row + 1 + rowsAbove,
    'aria-selected': isSelected,
    'aria-expanded': isParent ? isOpen : undefined,
    'data-testid': 'flow-node',
    'data-node-id': node.id,
    'data-checkpoint': node.checkpoint,
    'data-status': group === null ? node.status : groupStatus(group),
    ...(group === null ? {} : { 'aria-label': groupLabel(group, looks), 'data-group': group.count }),
    'data-match': isMatch ?? undefined,
  } as const;
}
