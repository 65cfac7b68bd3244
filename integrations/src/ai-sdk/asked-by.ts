import type { CheckpointParent, Flow } from '@flow-tracking/express';

/** By flow and id of the tool call. A flow that nobody holds any more takes its ids with it. */
const flows = new WeakMap<Flow, Map<string, CheckpointParent>>();

/** Keeps which call of a model asked for a tool, which mostly runs when that call has ended. */
export function askedBy(flow: Flow, toolCallId: string, call: CheckpointParent): void {
  let calls = flows.get(flow);
  if (calls === undefined) {
    calls = new Map();
    flows.set(flow, calls);
  }
  calls.set(toolCallId, call);
}

/** The call of a model that asked for this tool; undefined when no tracked one did. */
export function whoAsked(flow: Flow, toolCallId: unknown): CheckpointParent | undefined {
  return typeof toolCallId === 'string' ? flows.get(flow)?.get(toolCallId) : undefined;
}
