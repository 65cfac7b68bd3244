import { historyProblem } from './history-health';

describe('historyProblem', () => {
  it('names partitions, works and reasons, and is undefined when history is whole', () => {
    expect(historyProblem([])).toBeUndefined();
    const problem = historyProblem(
      [
        { work: 'stream_measure', partition: 1, reason: 'WRONGTYPE', sinceTs: 1_000 },
        { work: 'history_write', partition: 0, reason: '57014', sinceTs: 4_000 },
        { work: 'dead_letter', partition: 0, reason: 'OOM', sinceTs: 4_000 },
      ],
      () => 10_000,
    );
    expect(problem).toBe(
      'partition 0: history_write fails with 57014 for 6 s; partition 1: stream_measure fails with WRONGTYPE for 9 s',
    );
  });
});
