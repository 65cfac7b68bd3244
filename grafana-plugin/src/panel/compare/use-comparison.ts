import { useEffect, useReducer, useRef } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import type { Forest } from '../layout/forest';
import { compareFlows, type Comparison } from './compare-flows';

/** Flows that go on are compared again at most this often. */
const AGAIN_MS = 250;

/** A flow with its forest. */
export interface Side {
  /** A new object whenever anything of it has changed. */
  readonly flow: PanelFlow;
  readonly forest: Forest;
}

interface Kept {
  readonly own: Side;
  readonly other: Side;
  readonly comparison: Comparison;
  readonly atMs: number;
}

/** The comparison of two flows, kept up with them as they grow. */
export function useComparison(own: Side, other: Side): Comparison {
  const kept = useRef<Kept | null>(null);
  const [, render] = useReducer((count: number) => count + 1, 0);
  const before = kept.current;
  const isOther = before?.own.forest !== own.forest || before.other.forest !== other.forest;
  const isStale = isOther || before.own.flow !== own.flow || before.other.flow !== other.flow;
  const waitMs = isOther ? 0 : before.atMs + AGAIN_MS - performance.now();
  if (before === null || (isStale && waitMs <= 0)) {
    kept.current = { own, other, comparison: compareFlows(own.forest, other.forest), atMs: performance.now() };
  }
  const waits = isStale && waitMs > 0;
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(render, waitMs);
    return () => clearTimeout(timer);
  });
  return kept.current?.comparison ?? compareFlows(own.forest, other.forest);
}
