import '../testing/window';
import { groupDurations, groupLabel, groupStatusText, groupTitle, runningText } from './group-text';
import type { GroupSummary } from './layout/fold-group';
import { DEFAULT_LOOKS } from './looks';

const group: GroupSummary = {
  key: 'k',
  checkpoint: 'tool_call',
  name: 'lookup',
  count: 40,
  running: 0,
  failed: 3,
  p50Ms: 412,
  maxMs: 2_000,
};

describe('the words about a group', () => {
  it('say how many there are, how many failed, and how long they took', () => {
    expect(groupTitle(group)).toBe('40 × tool_call');
    expect(groupDurations(group, DEFAULT_LOOKS)).toBe('412 ms / 2.0 s');
    expect(groupStatusText(group)).toBe('3 failed');
    expect(groupLabel(group, DEFAULT_LOOKS)).toBe(
      '40 times tool_call, lookup, 3 failed, median 412 ms, longest 2.0 s, folded into one',
    );
  });

  it('say how many are done while some run', () => {
    const running = { ...group, running: 3, failed: 1 };
    expect(groupStatusText(running)).toBe('37 done, 3 running, 1 failed');
    expect(runningText(running, true)).toBe('3 running');
    expect(groupStatusText({ ...group, failed: 0 })).toBe('none failed');
  });

  it('leave out what nobody knows', () => {
    const unknown = { ...group, name: '', failed: 0, running: 40, p50Ms: null, maxMs: null };
    expect(groupDurations(unknown, DEFAULT_LOOKS)).toBe('–');
    expect(groupLabel(unknown, DEFAULT_LOOKS)).toBe('40 times tool_call, 0 done, 40 running, folded into one');
  });
});
