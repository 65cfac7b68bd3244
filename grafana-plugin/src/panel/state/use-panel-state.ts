import { useReducer, type Dispatch } from 'react';
import { initialState, reducePanel, type PanelAction, type PanelState } from './panel-state';
import { readLink, useUrlMirror } from './use-url-mirror';

/** The panel's one state, which begins as the address says and is written back to it. */
export function usePanelState(panelId: number): readonly [PanelState, Dispatch<PanelAction>] {
  const [state, dispatch] = useReducer(reducePanel, panelId, (id) => initialState(readLink(id)));
  useUrlMirror(panelId, state, dispatch);
  return [state, dispatch];
}
