/** When silence means that the bridge is away, ms. With the defaults, what is shown is at most 5 s behind the truth. */
export interface Patience {
  /** A connection over which nothing has come for so long is asked whether it is still there. @default 1,500 */
  readonly pingAfterMs: number;
  /** Without an answer for so long it is stale, @default 1,500 */
  readonly staleAfterMs: number;
  /** and for so long, it is given up. @default 3,000 */
  readonly giveUpAfterMs: number;
  /** As above while it is being opened, or snapshots are under way, behind which an answer has to wait. @default 25,000 */
  readonly giveUpLoadingAfterMs: number;
  /** How often to look. @default 500 */
  readonly checkEveryMs: number;
}

export const PATIENCE: Patience = {
  pingAfterMs: 1_500,
  staleAfterMs: 1_500,
  giveUpAfterMs: 3_000,
  giveUpLoadingAfterMs: 25_000,
  checkEveryMs: 500,
};

/** What to do about a connection over which nothing comes. */
export type SilenceStep = 'wait' | 'ping' | 'stale' | 'give_up';

/** Tells a bridge that is away from one that has nothing to say. */
export interface SilenceWatch {
  onHeard(nowTs: number): void;
  /** @param busy an answer may take long, since something large is under way */
  check(nowTs: number, busy: boolean): SilenceStep;
}

/** A page that was busy reads its timers before its messages: only a silence over so many checks counts. */
const CHECKS_WITHOUT_ANSWER = 3;

/** Times are epoch ms. Before anything is heard it waits as if it had just heard something at the first check. */
export function createSilenceWatch(patience: Patience): SilenceWatch {
  let heardTs: number | null = null;
  let pingedTs: number | null = null;
  let checks = 0;
  return {
    onHeard(nowTs) {
      heardTs = nowTs;
      pingedTs = null;
    },
    check(nowTs, busy) {
      heardTs ??= nowTs;
      if (pingedTs === null) {
        if (nowTs - heardTs < patience.pingAfterMs) return 'wait';
        pingedTs = nowTs;
        checks = 0;
        return 'ping';
      }
      checks += 1;
      if (checks < CHECKS_WITHOUT_ANSWER) return 'wait';
      const unansweredMs = nowTs - pingedTs;
      if (unansweredMs >= (busy ? patience.giveUpLoadingAfterMs : patience.giveUpAfterMs)) return 'give_up';
      return unansweredMs >= patience.staleAfterMs ? 'stale' : 'wait';
    },
  };
}
