import { formatDuration } from './format';
import { usageLines, usageParts } from './usage-line';

const call = {
  attributes: {
    'gen_ai.usage.input_tokens': 40,
    'gen_ai.usage.output_tokens': 300,
    'flow.first_chunk_ms': 500,
  },
  durationMs: 2_500,
  cost: 0.0113,
};

describe('what a model call took', () => {
  it('reads best first', () => {
    expect(usageParts(call, 'USD', formatDuration)).toEqual(['340 tok', '$0.011', '150 tok/s', 'first 500 ms']);
    expect(usageParts({ attributes: {}, durationMs: 5, cost: null }, 'USD', formatDuration)).toEqual([]);
  });

  it('takes as much room as there is', () => {
    expect(usageLines('m-4', call, 'USD', formatDuration)).toEqual([
      'm-4 · 340 tok · $0.011 · 150 tok/s · first 500 ms',
      'm-4 · 340 tok · $0.011 · 150 tok/s',
      'm-4 · 340 tok · $0.011',
      'm-4 · 340 tok',
      'm-4',
    ]);
    expect(usageLines('', { ...call, attributes: {}, cost: null }, 'USD', formatDuration)).toEqual(['']);
  });
});
