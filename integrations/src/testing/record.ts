import { testTracking, type TestCheckpoint, type TestFlow, type TestTracking } from '@flow-tracking/express/testing';
import type { Flow, FlowTrackingOptions } from '@flow-tracking/express';

export interface Recorded<T> {
  readonly result: T;
  readonly flow: TestFlow;
}

/** Runs `fn` in a flow of its own. */
export async function record<T>(
  fn: (flow: Flow, tracking: TestTracking) => Promise<T> | T,
  options: FlowTrackingOptions = {},
): Promise<Recorded<T>> {
  const tracking = testTracking(options);
  const flow = tracking.startFlow({ name: 'test' });
  let result: T;
  try {
    result = await flow.within(() => fn(flow, tracking));
  } finally {
    flow.end();
  }
  const [recorded] = await tracking.flows();
  if (recorded === undefined) throw new Error('No flow was recorded');
  return { result, flow: recorded };
}

/** The tree in short: names, statuses, and what is nested. */
export type Outline = [name: string, status: string, nested: Outline[]];

export function outlineOf(checkpoints: readonly TestCheckpoint[]): Outline[] {
  return checkpoints.map(({ name, status, checkpoints: nested }) => [name, status, outlineOf(nested)]);
}
