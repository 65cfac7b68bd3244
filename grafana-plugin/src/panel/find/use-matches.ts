import { useEffect, useReducer, useRef } from 'react';
import type { FlowNodes } from '../../frames/flow-nodes';
import type { Clock } from '../components/clock-context';
import { createMatches, type Matches } from '../layout/matches';
import type { Query } from '../layout/query';
import { useWallNow } from '../ticker';

/**
 * What a query finds in a flow, kept up with it at each render. A large flow is looked through in several steps, between
 * which the page answers.
 *
 * @param isRunning its nodes may run past a duration that is asked for
 */
export function useMatches(
  nodes: FlowNodes | undefined,
  query: Query | null,
  isRunning: boolean,
  { offsetMs, frozenTs }: Clock,
): Matches | null {
  const kept = useRef<{ nodes: FlowNodes; matches: Matches } | null>(null);
  const [, lookOn] = useReducer((count: number) => count + 1, 0);
  useWallNow(isRunning && query !== null && query.minMs !== null ? 'calm' : 'idle');
  if (nodes !== undefined && kept.current?.nodes !== nodes) kept.current = { nodes, matches: createMatches(nodes) };
  const matches = nodes === undefined ? null : (kept.current?.matches ?? null);
  matches?.update(query, (frozenTs ?? Date.now()) - offsetMs);
  useEffect(() => {
    if (matches === null || matches.isDone) return;
    const timer = setTimeout(lookOn, 0);
    return () => clearTimeout(timer);
  });
  return matches;
}
