import { seededRandom } from '../../../../protocol/src/testing/sample-events';
import { createRunningMedian } from './running-median';

describe('a running median', () => {
  it('is none of no values', () => {
    expect(createRunningMedian().value).toBeNull();
  });

  it.each([1, 2, 3, 4])('equals the middle of the sorted values after each one (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const median = createRunningMedian();
    const values: number[] = [];
    for (let i = 0; i < 300; i++) {
      const value = Math.floor(random() * 40);
      values.push(value);
      median.add(value);
      expect(median.value).toBe([...values].sort((a, b) => a - b)[(values.length - 1) >>> 1]);
    }
  });
});
