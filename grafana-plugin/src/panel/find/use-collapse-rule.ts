import { useEffect, type Dispatch } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { collapseBy, type CollapseRule } from '../layout/collapse';
import type { Failures } from '../layout/failures';
import type { Forest } from '../layout/forest';
import type { PanelAction } from '../state/panel-state';
import { useWallNow } from '../ticker';

interface Options {
  readonly flow: PanelFlow | null;
  readonly forest: Forest | null;
  readonly failures: Failures | null;
  readonly collapsed: ReadonlySet<string>;
  readonly rule: CollapseRule | undefined;
  readonly dispatch: Dispatch<PanelAction>;
}

const isSameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id));

/** Keeps a flow collapsed by its rule as nodes arrive: once a second while it runs, since each time looks at all nodes. */
export function useCollapseRule({ flow, forest, failures, collapsed, rule, dispatch }: Options): void {
  const isRunning = flow?.status === 'running';
  const second = useWallNow(rule !== undefined && isRunning ? 'calm' : 'idle');
  const change = isRunning ? second : flow;
  useEffect(() => {
    if (rule === undefined || flow === null || forest === null || failures === null) return;
    const nodeIds = collapseBy(rule, forest, failures);
    if (!isSameSet(nodeIds, collapsed)) dispatch({ type: 'recollapse', flowId: flow.id, nodeIds });
    // Forest and failures grow in place, and what is collapsed follows from the rule.
  }, [change, rule, forest, failures, dispatch]);
}
