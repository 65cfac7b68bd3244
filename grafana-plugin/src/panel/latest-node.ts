import type { PanelFlow } from '../frames/panel-flow';

/** The node to watch: the one that began to run last, or when none runs, the one that began last. */
export function latestNode({ nodes }: Pick<PanelFlow, 'nodes'>): string | null {
  return (nodes.list.findLast((node) => node.status === 'running') ?? nodes.list.at(-1))?.id ?? null;
}
