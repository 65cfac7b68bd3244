import { gapEnd, NO_REPLAY, reduceReplay, replayTime, type ReplayAction, type ReplayState } from './replay-state';

const after = (...actions: ReplayAction[]): ReplayState => actions.reduce(reduceReplay, NO_REPLAY);
const open = { type: 'open', flowId: 'a', fromMs: 0, nowMs: 1_000 } as const;
const TO = 5_000;

describe('reduceReplay', () => {
  it('plays from the begin as time goes by, and not beyond the end', () => {
    const state = after(open);
    expect([1_000, 1_700, 90_000].map((nowMs) => replayTime(state, nowMs, TO))).toEqual([0, 700, TO]);
  });

  it('stands still while it is paused, and goes on from there', () => {
    const paused = after(open, { type: 'pause', toMs: TO, nowMs: 1_800 });
    expect(replayTime(paused, 60_000, TO)).toBe(800);
    const playing = reduceReplay(paused, { type: 'play', fromMs: 0, toMs: TO, nowMs: 60_000 });
    expect(replayTime(playing, 60_100, TO)).toBe(900);
  });

  it('begins again when it is played at its end', () => {
    const ended = after(open, { type: 'pause', toMs: TO, nowMs: 20_000 });
    expect(replayTime(ended, 20_000, TO)).toBe(TO);
    const again = reduceReplay(ended, { type: 'play', fromMs: -20, toMs: TO, nowMs: 21_000 });
    expect(replayTime(again, 21_000, TO)).toBe(-20);
  });

  it('does not jump when the speed changes', () => {
    const state = after(open, { type: 'speed', speed: 10, toMs: TO, nowMs: 1_100 });
    expect([1_100, 1_200].map((nowMs) => replayTime(state, nowMs, TO))).toEqual([100, 1_100]);
  });

  it('goes on playing from where it is moved to, or stands still there', () => {
    const moved = after(open, { type: 'seek', atMs: 3_000, nowMs: 1_500 });
    expect(replayTime(moved, 1_600, TO)).toBe(3_100);
    const still = after(open, { type: 'pause', toMs: TO, nowMs: 1_200 }, { type: 'seek', atMs: 40, nowMs: 1_500 });
    expect(replayTime(still, 9_000, TO)).toBe(40);
  });

  it('keeps speed and gaps for the next flow', () => {
    const state = after(
      open,
      { type: 'speed', speed: 5, toMs: TO, nowMs: 1_100 },
      { type: 'gaps', skips: false },
      { type: 'close' },
      { ...open, flowId: 'b' },
    );
    expect(state).toMatchObject({ flowId: 'b', speed: 5, skipsGaps: false, atMs: 0 });
  });

  it('does not go back when the clock does', () => {
    expect(replayTime(after(open), 500, TO)).toBe(0);
  });
});

describe('gapEnd', () => {
  it('leaves a moment at both ends of a gap', () => {
    expect(gapEnd(NO_REPLAY, 100, 0, 4_000)).toBeNull();
    expect(gapEnd(NO_REPLAY, 400, 0, 4_000)).toBe(3_500);
    expect(gapEnd(NO_REPLAY, 3_600, 0, 4_000)).toBeNull();
  });

  it('is no gap when it is short, by the speed, or when nothing comes any more', () => {
    expect(gapEnd(NO_REPLAY, 600, 0, 1_400)).toBeNull();
    expect(gapEnd({ ...NO_REPLAY, speed: 10 }, 2_000, 0, 4_000)).toBeNull();
    expect(gapEnd(NO_REPLAY, 600, 0, Infinity)).toBeNull();
  });
});
