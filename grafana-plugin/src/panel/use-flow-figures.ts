import type { DataFrame } from '@grafana/data';
import { useMemo, useRef } from 'react';
import type { FlowNodes } from '../frames/flow-nodes';
import type { FlowFrameMeta } from '../frames/meta';
import { DEFAULT_CURRENCY } from '../frames/prices';
import { createUsageTally, type UsageTotals } from '../frames/usage-tally';
import type { Figures } from './components/figures-context';
import { createSlowLimits } from './layout/slow-limits';
import { createSlowNodes, type SlowNodes } from './layout/slow-nodes';
import { createStepsReader } from './state/duration-steps';

interface FlowFigures {
  /** For the views. */
  readonly figures: Figures;
  /** Of the shown flow, up to date. */
  readonly slow: SlowNodes;
  readonly totals: UsageTotals;
}

/** A flow's tally and slow nodes, which take in what its journal has beyond the last call. */
function createFlowFigures(nodes: FlowNodes | undefined) {
  const tally = createUsageTally();
  const slow = createSlowNodes(nodes ?? { list: [], journal: [], indexOf: () => undefined });
  let read = 0;
  const tallyUp = (): void => {
    for (; nodes !== undefined && read < nodes.journal.length; read++) {
      const node = nodes.list[nodes.journal[read] ?? -1];
      if (node !== undefined) tally.put(node, node.cost ?? null);
    }
  };
  return { nodes, tally, slow, tallyUp };
}

/** What is slow in the shown flow, and what its model calls took: O(changed) a render. */
export function useFlowFigures(
  nodes: FlowNodes | undefined,
  meta: FlowFrameMeta | null,
  series: readonly DataFrame[],
): FlowFigures {
  const stepsOf = useMemo(() => createStepsReader(), []);
  const steps = stepsOf(series);
  const history = meta?.history ?? null;
  const limits = useMemo(() => createSlowLimits(history, steps), [history, steps]);
  const kept = useRef<ReturnType<typeof createFlowFigures> | null>(null);
  if (kept.current === null || kept.current.nodes !== nodes) kept.current = createFlowFigures(nodes);
  const { tally, slow, tallyUp } = kept.current;
  tallyUp();
  slow.update(limits);
  const totals = tally.totals();
  const currency = meta?.prices?.currency ?? DEFAULT_CURRENCY;
  const hasTokens = totals.calls > 0;
  const hasCost = totals.cost !== null;
  const figures = useMemo(
    () => ({ slow: limits, currency, hasTokens, hasCost }),
    [limits, currency, hasTokens, hasCost],
  );
  return { figures, slow, totals };
}
