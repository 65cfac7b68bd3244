import type { PanelFlow } from '../../frames/panel-flow';

const newestFirst = (a: PanelFlow, b: PanelFlow): number => b.startedTs - a.startedTs || (a.id < b.id ? 1 : -1);

/**
 * The flows to compare one with, likeliest first: of the same name before others, those that ended well before others, of the
 * same session before others, and newer before older ones.
 */
export function othersOf(flow: PanelFlow, flows: readonly PanelFlow[]): PanelFlow[] {
  const rank = (other: PanelFlow): number =>
    (other.name === flow.name ? 0 : 4) +
    (other.status === 'ok' ? 0 : 2) +
    (other.sessionId !== null && other.sessionId === flow.sessionId ? 0 : 1);
  return flows.filter((other) => other.id !== flow.id).sort((a, b) => rank(a) - rank(b) || newestFirst(a, b));
}

/** Whether its checkpoints are in the data. */
export function isLoaded({ nodes, checkpointCount }: PanelFlow): boolean {
  return nodes.list.length > 0 || checkpointCount === 0;
}
