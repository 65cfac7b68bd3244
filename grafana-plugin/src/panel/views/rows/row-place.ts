import type { PanelNode } from '../../../frames/panel-flow';

/** A row as its view draws it. All of it is told apart by value or identity, so that a row that is the same is not drawn. */
export interface RowPlace {
  readonly node: PanelNode;
  readonly row: number;
  readonly depth: number;
  readonly isParent: boolean;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  /** It is the tab stop of the view. */
  readonly isActive: boolean;
  /** It failed only since one of its children did. */
  readonly isPassedOn: boolean;
}

/** What assistive technology and tests are told of a row. */
export function rowAttributes(place: RowPlace, rowsAbove: number) {
  const { node, row, depth, isParent, isOpen, isSelected, isActive } = place;
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
    'data-status': node.status,
  } as const;
}
