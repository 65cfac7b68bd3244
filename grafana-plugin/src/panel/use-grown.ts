import { useRef } from 'react';
import type { FlowNodes } from '../frames/flow-nodes';

/**
 * Something that is kept up with a flow's nodes as they grow, at each render; made anew for another flow.
 *
 * @param create stays the same function
 */
export function useGrown<T extends { update(): unknown }>(
  nodes: FlowNodes | undefined,
  create: (nodes: FlowNodes) => T,
): T | null {
  const kept = useRef<{ nodes: FlowNodes; value: T } | null>(null);
  if (nodes === undefined) return null;
  if (kept.current?.nodes !== nodes) kept.current = { nodes, value: create(nodes) };
  kept.current.value.update();
  return kept.current.value;
}
