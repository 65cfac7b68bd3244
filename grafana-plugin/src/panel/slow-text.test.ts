import { formatDuration } from './format';
import { slowText, slowWords } from './slow-text';

describe('what is said of a slow node', () => {
  it.each([
    [1.01, 'over p95', 'slow: over its p95 of the last 24 hours'],
    [1.7, '1.7× p95', 'slow: 1.7 times its p95 of the last 24 hours'],
    [12.4, '12× p95', 'slow: 12 times its p95 of the last 24 hours'],
    [1234, '1,234× p95', 'slow: 1,234 times its p95 of the last 24 hours'],
  ])('of a factor of %s is %j', (factor, text, words) => {
    const mark = { factor, step: { fromMs: 5, color: 'red' } };
    expect([slowText(mark, formatDuration), slowWords(mark, formatDuration)]).toEqual([text, words]);
  });

  it('of a threshold alone names it', () => {
    const mark = { factor: null, step: { fromMs: 2_000, color: 'red' } };
    expect([slowText(mark, formatDuration), slowWords(mark, formatDuration)]).toEqual([
      'over 2.0 s',
      'slow: over the threshold of 2.0 s',
    ]);
  });
});
