import { useState, type RefObject } from 'react';
import { NO_FILTERS } from './layout/query';
import type { FlowView } from './options';
import { useFocusNode } from './use-focus-node';
import type { PanelModel } from './use-panel-model';

export type PanelActs = ReturnType<typeof usePanelActs>;

const TAB_STOP = ':is([data-testid="flow-node"], [data-testid="compare-row"])[tabindex="0"]';

/** What a person does with the panel, whichever key or button it is done by. */
export function usePanelActs(model: PanelModel, panel: RefObject<HTMLElement>) {
  const { flow, selected, selectedIndex, folds, time, replay, live, following, dispatch } = model;
  const [listOpen, setListOpen] = useState(false);
  const toNode = useFocusNode(panel);
  const toView = (): void => panel.current?.querySelector<HTMLElement>(TAB_STOP)?.focus({ preventScroll: true });
  const select = (nodeId: string | null): void => {
    if (flow !== null) dispatch({ type: 'select', flowId: flow.id, nodeId });
  };
  const stay = (): void => {
    if (flow !== null) dispatch({ type: 'stay', flowId: flow.id });
  };
  return {
    listOpen,
    setListOpen,
    pick(this: void, flowId: string): void {
      dispatch({ type: 'pick', flowId });
      setListOpen(false);
    },
    show(this: void, view: FlowView): void {
      // A view of one flow takes the place of a comparison.
      if (time.other !== undefined) time.end();
      dispatch({ type: 'view', view });
    },
    /** The focus goes to the view. */
    toView,
    select,
    /** Closes the details. */
    close(this: void): void {
      if (selected === undefined) return;
      select(null);
      toNode(selected.id);
    },
    toggle(this: void, nodeId: string): void {
      if (flow !== null) dispatch({ type: 'toggle', flowId: flow.id, nodeId });
    },
    fold(this: void, key: string): void {
      // Folded away, the selected node could not be seen.
      if (folds?.keysOver(selectedIndex).includes(key) === true) select(null);
      if (flow !== null) dispatch({ type: 'fold', flowId: flow.id, key });
    },
    /** Follows, or no longer; undefined where nothing new comes. */
    follow:
      flow === null || (!live && replay === null)
        ? undefined
        : () => {
            if (replay !== null) replay.setFollowing(!following);
            else if (following) stay();
            else dispatch({ type: 'follow' });
          },
    /** Following yields to a person. */
    yield(this: void): void {
      replay?.setFollowing(false);
      stay();
    },
    findNothing(this: void): void {
      dispatch({ type: 'search', text: '' });
      dispatch({ type: 'filterNodes', filters: NO_FILTERS });
      toView();
    },
  };
}
