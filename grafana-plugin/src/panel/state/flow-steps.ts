import type { Dispatch } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { collapseBelow, openedTo } from '../layout/collapse';
import { failureFrom } from '../layout/failure-order';
import type { Failures } from '../layout/failures';
import { NONE, type Forest } from '../layout/forest';
import type { FlowKey } from '../views/flow-key';
import type { PanelAction } from './panel-state';

/** Ways through a flow that all views share. */
export interface FlowSteps {
  toFirstFailure(): void;
  toNextFailure(): void;
  /** Does what a key says. */
  take(key: FlowKey): void;
}

export function flowSteps(options: {
  flow: PanelFlow;
  forest: Forest;
  failures: Failures;
  selectedId: string | null;
  collapsed: ReadonlySet<string>;
  dispatch: Dispatch<PanelAction>;
}): FlowSteps {
  const { flow, forest, failures, selectedId, collapsed, dispatch } = options;
  const show = (index: number): void => {
    const node = flow.nodes.list[index];
    if (node === undefined) return;
    const opened = openedTo(forest, collapsed, index);
    if (opened !== collapsed) dispatch({ type: 'collapse', flowId: flow.id, nodeIds: opened });
    dispatch({ type: 'select', flowId: flow.id, nodeId: node.id });
  };
  const toFailure = (step: 1 | -1): void => {
    const selected = selectedId === null ? NONE : (flow.nodes.indexOf(selectedId) ?? NONE);
    show(failureFrom(forest, failures, selected, step));
  };
  return {
    toFirstFailure: () => show(failures.firstIndex),
    toNextFailure: () => toFailure(1),
    take(key) {
      if (key.kind === 'failure') toFailure(key.step);
      else dispatch({ type: 'collapse', flowId: flow.id, nodeIds: collapseBelow(forest, key.level) });
    },
  };
}
