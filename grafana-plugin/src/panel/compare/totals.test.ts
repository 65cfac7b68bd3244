import { testFlow, testNode } from '../layout/test-forest';
import { totalsOf } from './totals';

describe('totalsOf', () => {
  it('adds up tokens in and out', () => {
    const tokens = (input: number, output: number) => ({
      attributes: { 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': output },
    });
    const flow = testFlow([testNode(0, null, tokens(800, 12)), testNode(1, null), testNode(2, null, tokens(0, 5))]);
    expect(totalsOf(flow, 2)).toEqual({ durationMs: 1_000, checkpoints: 3, failures: 2, tokens: 817 });
  });

  it('knows no tokens where no checkpoint says', () => {
    expect(totalsOf(testFlow([testNode(0, null)]), 0).tokens).toBeNull();
  });
});
