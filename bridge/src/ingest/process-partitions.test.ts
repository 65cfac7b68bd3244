import { createProcessPartitions } from './process-partitions';

describe('createProcessPartitions', () => {
  it('names processes that use the given partitions alone', () => {
    const processes = createProcessPartitions();
    processes.saw('ONE', 0);
    processes.saw('TWO', 1);
    processes.saw('BOTH', 0);
    processes.saw('BOTH', 1);
    expect([...processes.usingOnly(new Set([0]))]).toEqual(['ONE']);
    expect([...processes.usingOnly(new Set([0, 1]))]).toEqual(['ONE', 'TWO', 'BOTH']);
    expect(processes.usingOnly(new Set()).size).toBe(0);
  });

  it('forgets the oldest when there are too many', () => {
    const processes = createProcessPartitions();
    for (let i = 0; i <= 100_000; i++) processes.saw(`P${i}`, 0);
    const known = processes.usingOnly(new Set([0]));
    expect([known.size, known.has('P0'), known.has('P100000')]).toEqual([100_000, false, true]);
  });
});
