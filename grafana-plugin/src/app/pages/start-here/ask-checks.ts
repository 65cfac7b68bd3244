import type { CheckList } from '@flow-tracking/protocol';
import { BridgeRequestError, type BridgeApi } from '../../../bridge-api';

const TRIES = 6;
const PAUSE_MS = 2_000;

/** Runs the bridge's checks; waits while they are run for somebody else. */
export async function askChecks(api: BridgeApi, keepFlow: boolean): Promise<CheckList> {
  for (let triesLeft = TRIES; ; triesLeft--) {
    try {
      return await api.checks(keepFlow);
    } catch (error) {
      if (!(error instanceof BridgeRequestError) || error.code !== 'busy' || triesLeft <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
