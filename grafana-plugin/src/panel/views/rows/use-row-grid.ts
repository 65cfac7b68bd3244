import { useLayoutEffect, useMemo, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import { isDimmedAt } from '../../layout/dimmed';
import { createFollowTarget } from '../../layout/follow-target';
import { NONE } from '../../layout/forest';
import { createRows, type Rows } from '../../layout/rows';
import { useTabStop } from '../use-tab-stop';
import type { ViewProps } from '../view-props';
import { rowAction, type RowAction } from './row-keys';
import type { RowPlace } from './row-place';
import type { RowWindow } from './use-row-window';

/** Rows beyond the one that is brought in sight. */
const SPARE_ROWS = { followed: 1, selected: 4 };

/** Rows of a flow with their one tab stop, their keys, and what they keep in sight. */
export interface RowGrid {
  readonly rows: Rows;
  readonly places: readonly RowPlace[];
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
}

function useRows({ forest, folds, collapsed }: ViewProps): Rows {
  const rows = useMemo(() => createRows(forest, folds), [forest, folds]);
  rows.update(collapsed);
  return rows;
}

/** The row of a node, or of the nearest one that stands for it or above it and shows; NONE when the flow has no such node. */
function shownRow(rows: Rows, { forest, folds }: ViewProps, id: string | null): number {
  let index = id === null ? NONE : (forest.nodes.indexOf(id) ?? NONE);
  if (index >= forest.size) return NONE;
  while (index !== NONE && rows.rowOf(index) === NONE) {
    index = folds.isAway(index) ? folds.leadOf(index) : forest.parentOf(index);
  }
  return index === NONE ? NONE : rows.rowOf(index);
}

function idOf(element: EventTarget): string | null {
  return (element as HTMLElement).closest<HTMLElement>('[data-node-id]')?.dataset.nodeId ?? null;
}

/** @param grid the element that holds the rows */
export function useRowGrid(props: ViewProps, window: RowWindow, grid: RefObject<HTMLElement | null>): RowGrid {
  const { forest, folds, failures, matches, selectedId, selections, takesFocus, following } = props;
  const { reveal } = window;
  const rows = useRows(props);
  const idAt = (row: number): string | null => forest.nodes.list[rows.nodeAt(row)]?.id ?? null;

  const target = useMemo(() => createFollowTarget(forest), [forest]);
  const newest = following ? target.read() : NONE;
  const followedRow = newest === NONE ? NONE : shownRow(rows, props, forest.nodes.list[newest]?.id ?? null);

  const stop = useTabStop({
    holder: grid,
    selectedId,
    selections,
    followedId: idAt(followedRow),
    takesFocus,
    shownOf: (id) => idAt(Math.max(0, shownRow(rows, props, id))),
  });
  const activeRow = Math.max(0, shownRow(rows, props, stop.id));

  const selectedRow = shownRow(rows, props, selectedId);
  useLayoutEffect(() => {
    if (selectedId !== null) reveal(selectedRow, SPARE_ROWS.selected);
    // Another selection brings itself in sight, and so does one whose details take room from the view. Rows that arrive
    // above it must not.
  }, [selectedId, selections, reveal, window.heightPx]);
  useLayoutEffect(() => {
    reveal(followedRow, SPARE_ROWS.followed);
  }, [followedRow, reveal, window.heightPx]);
  // Rendered at once where following is about to scroll to, not only when it has: a second rendering costs a frame.
  const { first, last: end } =
    followedRow === NONE ? window : window.spanAround(followedRow, SPARE_ROWS.followed, rows.size);

  const placeOf = (row: number): RowPlace | null => {
    const index = rows.nodeAt(row);
    const node = forest.nodes.list[index];
    if (node === undefined) return null;
    const group = folds.closedAt(index)?.summary() ?? null;
    return {
      node,
      row,
      // The one that may have the focus keeps its element.
      slot: row === activeRow ? node.id : `slot ${window.slotOf(row)}`,
      depth: rows.depthAt(row),
      isParent: group !== null || forest.firstChildOf(index) !== NONE,
      isOpen: group === null && !rows.isCollapsed(index),
      isSelected: node.id === selectedId,
      isActive: row === activeRow,
      isPassedOn: group === null && failures.passedOn(index),
      group,
      foldable: folds.openAt(index)?.members.length ?? 0,
      isMatch: matches.isActive ? !isDimmedAt(folds, matches, index) : null,
    };
  };
  const shown: number[] = [];
  const last = Math.min(end, rows.size);
  for (let row = first; row < last; row++) shown.push(row);
  // The tab stop stays where it is though it is scrolled out of sight.
  if (activeRow < first) shown.unshift(activeRow);
  else if (activeRow >= last) shown.push(activeRow);

  const fold = (index: number): void => {
    const group = folds.closedAt(index) ?? folds.openAt(index);
    if (group !== null) props.onFold(group.key);
  };
  const act = (action: RowAction): void => {
    const id = idAt(action.row);
    if (id === null) return;
    if (action.kind === 'toggle') props.onToggle(id);
    else if (action.kind === 'fold') fold(rows.nodeAt(action.row));
    else if (action.kind === 'select') props.onSelect(id);
    else {
      props.onAct();
      stop.goTo(id);
      reveal(action.row);
    }
  };

  return {
    rows,
    places: shown.map(placeOf).filter((place) => place !== null),
    onKeyDown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || idOf(event.target) === null) return;
      const action = rowAction(event.key, rows, forest, activeRow, window.pageRows);
      if (action === null) return;
      event.preventDefault();
      act(action);
    },
    onClick(event) {
      const id = idOf(event.target);
      if (id === null) return;
      stop.isAt(id);
      const index = forest.nodes.indexOf(id) ?? NONE;
      const isFold = (event.target as HTMLElement).closest('[data-fold]') !== null;
      if (isFold || folds.closedAt(index) !== null) fold(index);
      else if ((event.target as HTMLElement).closest('[data-toggle]') !== null) props.onToggle(id);
      else props.onSelect(id);
    },
  };
}
