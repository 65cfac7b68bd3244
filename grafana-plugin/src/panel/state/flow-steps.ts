import type { Dispatch } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { collapseBy, openedTo, type CollapseRule } from '../layout/collapse';
import type { Failures } from '../layout/failures';
import { NONE, type Forest } from '../layout/forest';
import { hitFrom, type IsHit } from '../layout/hits';
import type { Matches } from '../layout/matches';
import type { FlowKey } from '../views/flow-key';
import type { PanelAction } from './panel-state';

/** Ways through a flow that all views share. */
export interface FlowSteps {
  readonly toFirstFailure: () => void;
  readonly toNextFailure: () => void;
  /** Selects a node, and opens what it stands below. */
  readonly toNode: (index: number) => void;
  /** @param fromId the node to go on from; that which is selected when it is null */
  readonly toMatch: (step: 1 | -1, fromId?: string | null) => void;
  /** Expands by a rule; level Infinity is everything. */
  readonly collapse: (rule: CollapseRule) => void;
  /** What leads to failures alone, or everything again. */
  readonly toggleFailuresOnly: () => void;
  /**
   * Does what a key says.
   *
   * @param fromId the node that has the focus; null for none
   */
  readonly take: (key: FlowKey, fromId?: string | null) => void;
}

export interface FlowStepsOptions {
  readonly flow: PanelFlow;
  readonly forest: Forest;
  readonly failures: Failures;
  readonly matches: Matches;
  readonly selectedId: string | null;
  readonly collapsed: ReadonlySet<string>;
  /** By which the flow is collapsed; undefined for none. */
  readonly rule: CollapseRule | undefined;
  readonly dispatch: Dispatch<PanelAction>;
}

export function flowSteps(options: FlowStepsOptions): FlowSteps {
  const { flow, forest, failures, matches, selectedId, collapsed, rule, dispatch } = options;
  const isFailure: IsHit = (index) => failures.beganAt(index);
  const show = (index: number): void => {
    const node = flow.nodes.list[index];
    if (node === undefined) return;
    const opened = openedTo(forest, collapsed, index);
    if (opened !== collapsed) dispatch({ type: 'collapse', flowId: flow.id, nodeIds: opened });
    dispatch({ type: 'select', flowId: flow.id, nodeId: node.id });
  };
  const toHit = (isHit: IsHit, step: 1 | -1, fromId: string | null = null): void => {
    const id = fromId ?? selectedId;
    show(hitFrom(forest, isHit, id === null ? NONE : (flow.nodes.indexOf(id) ?? NONE), step));
  };
  const toMatch = (step: 1 | -1, fromId?: string | null): void => {
    if (matches.count > 0) toHit(matches.has, step, fromId);
  };
  const collapse = (wanted: CollapseRule): void => {
    const nodeIds = collapseBy(wanted, forest, failures);
    const isAll = wanted.kind === 'level' && wanted.level === Infinity;
    dispatch({ type: 'collapse', flowId: flow.id, nodeIds, ...(isAll ? {} : { rule: wanted }) });
  };
  const toggleFailuresOnly = (): void => {
    if (rule?.kind === 'failures') collapse({ kind: 'level', level: Infinity });
    // Where nothing failed, there would be nothing left to see.
    else if (failures.count > 0) collapse({ kind: 'failures' });
  };
  return {
    toFirstFailure: () => show(failures.firstIndex),
    toNextFailure: () => toHit(isFailure, 1),
    toNode: show,
    toMatch,
    collapse,
    toggleFailuresOnly,
    take(key, fromId) {
      if (key.kind === 'failure') toHit(isFailure, key.step, fromId);
      else if (key.kind === 'match') toMatch(key.step, fromId);
      else if (key.kind === 'failuresOnly') toggleFailuresOnly();
      else collapse({ kind: 'level', level: key.level });
    },
  };
}
