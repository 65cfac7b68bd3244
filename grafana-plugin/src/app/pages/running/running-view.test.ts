import type { RunningFlows } from '@flow-tracking/protocol';
import { bridgeClock, SILENT_AFTER_MS } from './bridge-clock';
import { nextView, NOTHING_KNOWN } from './running-view';

const answer = (nowTs: number): RunningFlows => ({ now_ts: nowTs, flows: [], has_more: false });
const answered = (nowTs: number) => ({ running: answer(nowTs), problem: null });

describe('nextView', () => {
  it('keeps what was known while the bridge does not answer, with times that stand still', () => {
    const known = nextView(NOTHING_KNOWN, answered(10_000), 4_000);
    const away = nextView(known, { running: null, problem: 'away' }, 6_000);
    expect(away).toEqual({ ...known, problem: 'away' });
    expect([bridgeClock(away).at(4_000), bridgeClock(away).at(9_000)]).toEqual([10_000, 10_000]);
    const back = bridgeClock(nextView(away, answered(14_000), 8_000));
    expect(back).toMatchObject({ nowTs: 14_000, isStill: false });
    expect(back.at(9_000)).toBe(15_000);
  });

  it('lets no time step back since an answer was slow, and follows a clock that was set', () => {
    const known = nextView(NOTHING_KNOWN, answered(10_000), 4_000);
    const slow = nextView(known, answered(12_000), 6_300);
    expect(slow).toMatchObject({ aheadMs: 6_000, answeredTs: 6_300 });
    expect(nextView(slow, answered(90_000), 8_000).aheadMs).toBe(82_000);
  });

  it('lets time go on no further than the last answer is good for', () => {
    const clock = bridgeClock(nextView(NOTHING_KNOWN, answered(10_000), 4_000));
    expect([4_000, 9_999, 4_000 + SILENT_AFTER_MS, 60_000].map(clock.at)).toEqual([10_000, 15_999, 16_000, 16_000]);
  });

  it('takes the clock of the first answer, however near to its own', () => {
    expect(nextView(NOTHING_KNOWN, answered(4_020), 4_000).aheadMs).toBe(20);
  });
});
