import { useLayoutEffect, useReducer, useRef, type RefObject } from 'react';

interface Options {
  /** Holds an element with `data-node-id` for each node that can take the focus. */
  readonly holder: RefObject<HTMLElement | null>;
  readonly selectedId: string | null;
  /** Grows with each selection. */
  readonly selections: number;
  /** The node that is followed; null while none is. */
  readonly followedId: string | null;
  /** The view takes the place of one that had the focus. */
  readonly takesFocus: boolean;
  /** The nearest node that shows: this one, or one that is collapsed above it; null for the first of the flow. */
  readonly shownOf: (id: string | null) => string | null;
}

/** The one node of a view that the Tab key leads to. */
export interface TabStop {
  readonly id: string | null;
  /** Goes to a node, and takes the focus there when the node stands in the page. */
  readonly goTo: (id: string) => void;
  /** The same for a node that has the focus already. */
  readonly isAt: (id: string) => void;
}

/**
 * The tab stop goes where a person goes, to what is selected by whatever means, and along with what is followed. Where it
 * goes, the focus goes too, if the view has it.
 */
export function useTabStop(options: Options): TabStop {
  const { holder, selectedId, selections, followedId, takesFocus, shownOf } = options;
  const [, render] = useReducer((count: number) => count + 1, 0);
  const wished = useRef(selectedId);
  const taken = useRef(selections);
  const stop = useRef<string | null | undefined>(undefined);
  /** Takes the focus as soon as it stands in the page. */
  const wanted = useRef<string | null>(null);

  if (taken.current !== selections) wished.current = selectedId ?? wished.current;
  else if (followedId !== null) wished.current = followedId;
  taken.current = selections;
  const id = shownOf(wished.current);
  if (stop.current !== id) {
    // Before this is drawn: the element that has the focus may go away with it.
    const had = stop.current === undefined ? takesFocus : holder.current?.contains(document.activeElement);
    if (had === true) wanted.current = id;
    stop.current = id;
  }

  useLayoutEffect(() => {
    if (wanted.current === null) return;
    const element = holder.current?.querySelector<HTMLElement>(`[data-node-id="${CSS.escape(wanted.current)}"]`);
    if (element === null || element === undefined) return;
    wanted.current = null;
    // Meanwhile a person may have gone elsewhere, as into the bar of a replay whose first node comes late.
    const active = document.activeElement;
    const isElsewhere = active !== null && active !== document.body && holder.current?.contains(active) !== true;
    if (!isElsewhere) element.focus({ preventScroll: true });
  });

  const isAt = (to: string): void => {
    if (wished.current === to) return;
    wished.current = to;
    render();
  };
  return {
    id,
    goTo(to) {
      wanted.current = to;
      wished.current = to;
      render();
    },
    isAt,
  };
}
