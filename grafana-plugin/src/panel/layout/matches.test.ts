import { seededRandom } from '../../../../protocol/src/testing/sample-events';
import { createFlowNodes } from '../../frames/flow-nodes';
import { createMatches, type Matches } from './matches';
import { createQuery, NO_FILTERS, type NodeFilters, type Query } from './query';
import { testNode } from './test-forest';

const FOREVER_MS = 1e9;
const query = (search: string, filters: Partial<NodeFilters> = {}): Query | null =>
  createQuery(search, { ...NO_FILTERS, ...filters });

const found = (matches: Matches, size: number): number[] =>
  Array.from({ length: size }, (_, index) => index).filter((index) => matches.has(index));

describe('createMatches', () => {
  it('finds by words, checkpoint, status and duration at once', () => {
    const nodes = createFlowNodes([
      testNode(0, null, { checkpoint: 'a', durationMs: 10, endedTs: 1_010, attributes: { x: 'needle' } }),
      testNode(1, null, { checkpoint: 'a', durationMs: 500, endedTs: 1_501, attributes: { x: 'needle' } }),
      testNode(2, null, { checkpoint: 'b', durationMs: 500, endedTs: 1_502, attributes: { x: 'needle' } }),
      testNode(3, null, { checkpoint: 'a', durationMs: 500, endedTs: 1_503, status: 'aborted' }),
    ]);
    const matches = createMatches(nodes);
    const ask = (asked: Query | null): number[] => {
      matches.update(asked, 0, FOREVER_MS);
      return found(matches, 4);
    };
    expect(ask(query('needle'))).toEqual([0, 1, 2]);
    expect(ask(query('', { checkpoints: ['a'] }))).toEqual([0, 1, 3]);
    expect(ask(query('', { statuses: ['aborted', 'error'] }))).toEqual([3]);
    expect(ask(query('', { minMs: 500 }))).toEqual([1, 2, 3]);
    expect(ask(query('needle', { checkpoints: ['a'], minMs: 11 }))).toEqual([1]);
    expect([matches.isDimmed(0), matches.isDimmed(1)]).toEqual([true, false]);
    expect(ask(null)).toEqual([]);
    expect([matches.isActive, matches.isDimmed(0)]).toEqual([false, false]);
  });

  it('counts how long a node has run', () => {
    const nodes = createFlowNodes([testNode(0, null, { status: 'running', durationMs: null, startedTs: 1_000 })]);
    const matches = createMatches(nodes);
    const asked = query('', { minMs: 250 });
    matches.update(asked, 1_249);
    expect(matches.count).toBe(0);
    const { version } = matches;
    matches.update(asked, 1_250);
    expect(matches.count).toBe(1);
    expect(matches.version).toBeGreaterThan(version);
  });

  it('looks at many nodes in several calls, and dims none before it was looked at', () => {
    const nodes = createFlowNodes(Array.from({ length: 1_000 }, (_, id) => testNode(id, null)));
    const matches = createMatches(nodes);
    const asked = query('nothing');
    matches.update(asked, 0, -1);
    expect([matches.isDone, matches.isDimmed(0), matches.isDimmed(999)]).toEqual([false, true, false]);
    while (!matches.isDone) matches.update(asked, 0, -1);
    expect(matches.isDimmed(999)).toBe(true);
  });

  it('comes to the same as a look at all nodes, whatever comes and changes and is asked', () => {
    const random = seededRandom(5);
    const WORDS = ['red', 'green', 'blue'];
    const any = (): string => WORDS[Math.floor(random() * WORDS.length)] ?? '';
    for (let round = 0; round < 40; round++) {
      const nodes = createFlowNodes();
      const grown = createMatches(nodes);
      let asked: Query | null = null;
      for (let step = 0; step < 60; step++) {
        const chance = random();
        if (chance < 0.15) asked = query(any(), random() < 0.5 ? { statuses: ['ok'] } : {});
        else if (chance < 0.2) asked = null;
        else {
          const status = random() < 0.5 ? 'ok' : 'error';
          nodes.put(testNode(Math.floor(random() * 20), null, { status, attributes: { colour: any() } }));
        }
        if (random() < 0.7) grown.update(asked, 0, FOREVER_MS);
      }
      grown.update(asked, 0, FOREVER_MS);
      const fresh = createMatches(nodes);
      fresh.update(asked, 0, FOREVER_MS);
      expect(found(grown, nodes.list.length)).toEqual(found(fresh, nodes.list.length));
      expect([grown.count, fresh.count]).toEqual([fresh.count, found(fresh, nodes.list.length).length]);
    }
  });
});
