import { useMemo, type Dispatch } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import type { Clock } from '../components/clock-context';
import type { CollapseRule } from '../layout/collapse';
import type { Failures } from '../layout/failures';
import { NONE, type Forest } from '../layout/forest';
import { rankOf } from '../layout/hits';
import type { Matches } from '../layout/matches';
import { createQuery } from '../layout/query';
import { flowSteps, type FlowSteps } from '../state/flow-steps';
import { collapsedOf, type PanelAction, type PanelState } from '../state/panel-state';
import { useWallNow } from '../ticker';
import { useCollapseRule } from './use-collapse-rule';
import { useMatches } from './use-matches';

/** What is looked for in the flow that is shown, and the ways through it. */
export interface Find {
  readonly forest: Forest;
  readonly failures: Failures;
  readonly matches: Matches;
  readonly steps: FlowSteps;
  /** Which match is selected, from 1 on; 0 when none is. */
  readonly rank: number;
  /** By which the flow is collapsed; undefined for none. */
  readonly rule: CollapseRule | undefined;
}

interface Options {
  readonly flow: PanelFlow | null;
  readonly forest: Forest | null;
  readonly failures: Failures | null;
  readonly state: PanelState;
  readonly selectedId: string | null;
  readonly clock: Clock;
  readonly dispatch: Dispatch<PanelAction>;
}

/** @returns null without a flow */
export function useFind({ flow, forest, failures, state, selectedId, clock, dispatch }: Options): Find | null {
  const isRunning = flow?.status === 'running';
  const query = useMemo(() => createQuery(state.search, state.nodeFilters), [state.search, state.nodeFilters]);
  const matches = useMatches(flow?.nodes, query, isRunning, clock);
  const rule = flow === null ? undefined : state.collapseRules.get(flow.id);
  const collapsed = collapsedOf(state, flow?.id ?? '');
  useCollapseRule({ flow, forest, failures, collapsed, rule, dispatch });

  // The rank takes a look at all nodes: while they come it is told once a second.
  const second = useWallNow(query !== null && isRunning ? 'calm' : 'idle');
  const change = isRunning ? second : matches?.version;
  const selected = (selectedId === null ? undefined : flow?.nodes.indexOf(selectedId)) ?? NONE;
  const rank = useMemo(
    () => (query === null || matches === null || forest === null ? 0 : rankOf(forest, matches.has, selected)),
    [query, matches, matches?.isDone, forest, selected, change],
  );

  if (flow === null || forest === null || failures === null || matches === null) return null;
  const steps = flowSteps({ flow, forest, failures, matches, selectedId, collapsed, rule, dispatch });
  return { forest, failures, matches, steps, rank, rule };
}
