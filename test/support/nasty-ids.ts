import { LIMITS } from '@flow-tracking/protocol';
import type { Page } from 'playwright-core';
import { addEvents, chatFlow, untilSettled } from './flow-events';
import { untilListed } from './listed-flows';
import type { PanelStack } from './panel-stack';

/** Each of them is somebody else than each of the others, also after trimming, decoding or normalising. */
export const NASTY_IDS = [
  ' lead',
  'lead',
  '.',
  '..',
  '#h?x&y=1',
  '#h?x',
  'a/b',
  'a%2Fb',
  '100%',
  'a+b',
  '"🙂"',
  '{a,b}',
  '$user',
  '1e3',
  'x'.repeat(LIMITS.idBytes),
];

/** Records a flow of each, in a session of its own. @returns the flows, by their users */
export async function recordNastyFlows({ redis, keys }: PanelStack): Promise<ReadonlyMap<string, string>> {
  const flows = new Map<string, string>();
  for (const [i, id] of NASTY_IDS.entries()) {
    const sessionId = `session of ${i}: ${id}`.slice(0, 200);
    const events = chatFlow({ userId: id, sessionId, startedTs: Date.now() - 60_000 });
    flows.set(id, events[0]!.flow_id);
    await addEvents(redis, keys, events);
  }
  await untilSettled(redis, keys);
  return flows;
}

/** Waits until the page lists exactly these users' flows. */
export function untilFlowsOf(page: Page, flows: ReadonlyMap<string, string>, users: readonly string[]): Promise<void> {
  return untilListed(
    page,
    users.map((user) => flows.get(user)!),
  );
}
