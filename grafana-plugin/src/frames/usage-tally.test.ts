import type { Attributes } from '@flow-tracking/protocol';
import { seededRandom, shuffle } from '../../../protocol/src/testing/sample-events';
import { createUsageTally } from './usage-tally';

interface Sample {
  readonly id: number;
  readonly parentId: number | null;
  readonly attributes: Attributes;
  readonly cost: number | null;
}

const tokens = (output: number): Attributes => ({ 'gen_ai.usage.output_tokens': output });
const tool: Attributes = { 'gen_ai.tool.name': 'search' };
const node = (
  id: number,
  parentId: number | null,
  attributes: Attributes = {},
  cost: number | null = null,
): Sample => ({
  id,
  parentId,
  attributes,
  cost,
});

function totalsOf(nodes: readonly Sample[]) {
  const tally = createUsageTally();
  for (const { cost, ...rest } of nodes) tally.put({ ...rest, startedTs: 1_000 * rest.id }, cost);
  return tally.totals();
}

describe('a tally of usage', () => {
  it('sums model calls, and what they cost as far as it is known', () => {
    const calls = [node(1, null, tokens(10), 0.5), node(2, null, tokens(20), 0.25), node(3, null, tokens(5))];
    expect(totalsOf(calls)).toMatchObject({ calls: 3, output: 35, cost: 0.75, unpriced: 1 });
    expect(totalsOf([node(3, null, tokens(5))])).toMatchObject({ cost: null, unpriced: 1 });
    expect(totalsOf([node(1, null)])).toMatchObject({ calls: 0, cost: null, firstChunkTs: null });
  });

  it('counts what a wrapper repeats once, in whatever order the nodes come', () => {
    const nodes = [
      node(1, null, tokens(30), 3),
      node(2, 1),
      node(3, 2, tokens(10), 1),
      node(4, 2, tokens(20), 2),
      node(5, 4, tokens(20), 2),
      // A tool's model is a call of its own.
      node(6, 4, tool),
      node(7, 6, tokens(7), 0.5),
    ];
    for (let seed = 1; seed <= 200; seed++) {
      const ends = shuffle([...nodes], seededRandom(seed));
      // Every node is there from its begin, tokens come with its end.
      const begins = nodes.map(({ id, parentId }) => node(id, parentId, id === 6 ? tool : {}));
      for (const order of [ends, [...begins, ...ends], [...ends, ...ends]]) {
        expect(totalsOf(order)).toMatchObject({ calls: 2, output: 37, cost: 3.5, unpriced: 0 });
      }
    }
  });

  it('takes the last that a node tells', () => {
    expect(totalsOf([node(1, null, tokens(3), 1), node(1, null, tokens(8), 2)])).toMatchObject({ output: 8, cost: 2 });
  });

  it('knows the first chunk of all', () => {
    const chunks = [node(1, null, { 'flow.first_chunk_ms': 2_500 }), node(2, null, { 'flow.first_chunk_ms': 400 })];
    expect(totalsOf(chunks).firstChunkTs).toBe(2_400);
  });

  it('bears parents that form a circle or are missing', () => {
    const circle = [node(1, 2, tokens(1)), node(2, 1, tokens(1)), node(3, 3, tokens(1)), node(4, 99, tokens(1))];
    expect(totalsOf(circle).calls).toBeGreaterThan(0);
  });
});
