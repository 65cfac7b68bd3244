import { PROTOCOL_VERSION, type Check } from '@flow-tracking/protocol';
import type { TokenCounts } from '../access/token-strength';
import { fail, makeCheck, ok, warn, type Finding } from './check';

const SEE_LOG = 'See the log of the bridge';

export interface BridgeCheckSources {
  version: string;
  instance: string;
  /** How many tokens there are. */
  tokens: () => TokenCounts;
  isStopping: () => boolean;
  /** What keeps history from being whole, or undefined. */
  historyProblem: () => string | undefined;
}

/** The bridge that answers, and its tokens. */
export function checkBridge(sources: BridgeCheckSources): Promise<Check[]> {
  const { version, instance, tokens, isStopping, historyProblem } = sources;
  return Promise.all([
    makeCheck({
      id: 'bridge',
      title: 'The bridge',
      fix: SEE_LOG,
      look() {
        const detail = `Version ${version}, protocol ${PROTOCOL_VERSION}, up for ${uptimeText(process.uptime())}, ${instance}`;
        return isStopping()
          ? warn(`${detail}; it is stopping`, 'Ask another bridge, or wait until it is back')
          : ok(detail);
      },
    }),
    makeCheck({
      id: 'history_writer',
      title: 'The bridge writes history',
      fix: SEE_LOG,
      look() {
        const problem = historyProblem();
        if (problem === undefined) return ok('Every partition is written');
        return fail(
          problem,
          'Mend what fails above; a code such as 42501 is a right that the role of DATABASE_URL lacks',
        );
      },
    }),
    makeCheck({ id: 'tokens', title: 'Tokens', fix: SEE_LOG, look: () => judgeTokens(tokens()) }),
  ]);
}

function judgeTokens({ read, control, short }: TokenCounts): Finding {
  if (read + control === 0) {
    return warn(
      'No tokens are set: whoever is on this machine may do everything, and no other machine is answered',
      'Set FLOW_READ_TOKENS and FLOW_CONTROL_TOKENS before others use it',
    );
  }
  const detail = `${read} read and ${control} control; the one that asks is a control token`;
  if (short > 0) return warn(`${detail}; ${short} can be guessed`, 'Give every token 16 characters or more');
  if (read === 0) {
    return warn(
      `${detail}; there is no read token`,
      'Set FLOW_READ_TOKENS, so that who only watches can’t change anything',
    );
  }
  return ok(detail);
}

function uptimeText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} days`;
}
