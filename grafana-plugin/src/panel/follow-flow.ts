import type { PanelFlow } from '../frames/panel-flow';

/**
 * The flow that a panel shows which follows the latest: it stays with a flow, running or ended, until a later one starts
 * to run.
 *
 * @param flows newest first
 * @param currentId the one shown so far
 */
export function followFlow(flows: readonly PanelFlow[], currentId: string | null): PanelFlow | null {
  const running = flows.find((flow) => flow.status === 'running');
  const current = flows.find((flow) => flow.id === currentId);
  if (current === undefined) return running ?? flows[0] ?? null;
  return running !== undefined && running.startedTs > current.startedTs ? running : current;
}
