import { seededRandom } from '../../../../protocol/src/testing/sample-events';
import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { createForest, NONE, type Forest } from '../layout/forest';
import { testNode } from '../layout/test-forest';
import { compareFlows } from './compare-flows';
import { matchFlows, type Match } from './match-flows';

const SEEDS = Array.from({ length: 80 }, (_, seed) => seed);
const NAMES = ['auth_check', 'llm_thinking', 'tool_call'];
const TOOLS = ['search', 'refund'];

function forestOf(nodes: readonly PanelNode[]): Forest {
  const forest = createForest(createFlowNodes(nodes));
  forest.update();
  return forest;
}

function randomNodes(random: () => number, count = Math.floor(random() * 50)): PanelNode[] {
  return Array.from({ length: count }, (_, id) => {
    const parentId = id === 0 || random() < 0.2 ? null : Math.floor(random() * id);
    const checkpoint = NAMES[Math.floor(random() * NAMES.length)] ?? '';
    const attributes: PanelNode['attributes'] =
      random() < 0.5 ? {} : { 'gen_ai.tool.name': TOOLS[Math.floor(random() * 2)] ?? '' };
    const durationMs = Math.floor(random() * 200);
    const endedTs = 1_000 + id + durationMs;
    return testNode(id, parentId, {
      checkpoint,
      attributes,
      durationMs,
      endedTs,
      status: random() < 0.1 ? 'error' : 'ok',
    });
  });
}

/** The same flow with some nodes and all below them left out. */
function thinned(nodes: readonly PanelNode[], random: () => number): PanelNode[] {
  const left = new Set<string>();
  return nodes.filter(({ id, parentId }) => {
    const goes = random() < 0.1 || (parentId !== null && left.has(parentId));
    if (goes) left.add(id);
    return !goes;
  });
}

const ids = (a: Forest, b: Forest, rows: readonly Match[]): string[] =>
  rows.map(({ own, other }) => `${a.nodes.list[own]?.id ?? '-'} ${b.nodes.list[other]?.id ?? '-'}`);

describe('matchFlows', () => {
  it.each(SEEDS)('has each node of both flows once, and matches only children of matched nodes (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const [a, b] = [forestOf(randomNodes(random)), forestOf(randomNodes(random))];
    const rows = matchFlows(a, b);
    const owns = rows.map(({ own }) => own).filter((index) => index !== NONE);
    const others = rows.map(({ other }) => other).filter((index) => index !== NONE);
    expect(owns.sort((x, y) => x - y)).toEqual(Array.from({ length: a.size }, (_, i) => i));
    expect(others.sort((x, y) => x - y)).toEqual(Array.from({ length: b.size }, (_, i) => i));
    const partner = new Map(rows.map(({ own, other }) => [own, other]));
    for (const { own, other, depth } of rows) {
      const at = own === NONE ? { forest: b, index: other } : { forest: a, index: own };
      let above = 0;
      for (let i = at.forest.parentOf(at.index); i !== NONE; i = at.forest.parentOf(i)) above++;
      expect(depth).toBe(above);
      if (own === NONE || other === NONE) continue;
      expect(a.nodes.list[own]?.checkpoint).toBe(b.nodes.list[other]?.checkpoint);
      const [ownParent, otherParent] = [a.parentOf(own), b.parentOf(other)];
      if (ownParent === NONE) expect(otherParent).toBe(NONE);
      else expect(partner.get(ownParent)).toBe(otherParent);
    }
  });

  it.each(SEEDS)('matches the other way round when the flows are swapped (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const nodes = randomNodes(random);
    const [a, b] = [forestOf(nodes), forestOf(random() < 0.5 ? thinned(nodes, random) : randomNodes(random))];
    const swapped = matchFlows(b, a).map(({ own, other, depth }) => ({ own: other, other: own, depth }));
    expect(ids(a, b, swapped).sort()).toEqual(ids(a, b, matchFlows(a, b)).sort());
  });

  it('puts what only the other flow has where it stands there', () => {
    const step = (id: number, checkpoint: string): PanelNode => testNode(id, null, { checkpoint });
    const a = forestOf([step(0, 'a'), step(1, 'c'), step(2, 'd')]);
    const b = forestOf([step(0, 'a'), step(1, 'b'), step(2, 'c')]);
    expect(ids(a, b, matchFlows(a, b))).toEqual(['0 0', '- 1', '1 2', '2 -']);
  });

  it('tells tools apart', () => {
    const call = (id: number, tool: string): PanelNode =>
      testNode(id, null, { checkpoint: 'tool_call', attributes: { 'gen_ai.tool.name': tool } });
    const a = forestOf([call(0, 'search')]);
    const b = forestOf([call(0, 'refund'), call(1, 'search')]);
    expect(ids(a, b, matchFlows(a, b))).toEqual(['- 0', '0 1']);
  });

  it('walks a chain of 10,000', () => {
    const chain = forestOf(Array.from({ length: 10_000 }, (_, id) => testNode(id, id === 0 ? null : id - 1)));
    expect(matchFlows(chain, chain).at(-1)).toEqual({ own: 9_999, other: 9_999, depth: 9_999 });
  });
});

describe('compareFlows', () => {
  it.each(SEEDS)('finds no difference between a flow and itself (seed %i)', (seed) => {
    const nodes = randomNodes(seededRandom(seed));
    const comparison = compareFlows(forestOf(nodes), forestOf(nodes));
    expect(comparison.differences).toBe(0);
    expect(comparison.differentRows).toEqual([]);
  });

  it.each(SEEDS)('finds what was taken away, and nothing else (seed %i)', (seed) => {
    const random = seededRandom(seed);
    // Equal siblings could stand for each other, so each has a name of its own.
    const nodes = randomNodes(random).map((node) => ({ ...node, checkpoint: node.id, attributes: {} }));
    const [a, b] = [forestOf(nodes), forestOf(thinned(nodes, random))];
    const comparison = compareFlows(a, b);
    expect(comparison.differences).toBe(a.size - b.size);
    expect(comparison.rows.filter(({ other }) => other === NONE)).toHaveLength(a.size - b.size);
  });

  it('keeps what stands above a difference', () => {
    const at = (durationMs: number) => ({ endedTs: 2_000, durationMs });
    const tree = (ms: number): PanelNode[] => [
      testNode(0, null, { checkpoint: 'root', ...at(500) }),
      testNode(1, 0, { checkpoint: 'same', ...at(10) }),
      testNode(2, 0, { checkpoint: 'above', ...at(400) }),
      testNode(3, 2, { checkpoint: 'below', ...at(ms) }),
      testNode(4, null, { checkpoint: 'after', ...at(10) }),
    ];
    const { differentRows, differences } = compareFlows(forestOf(tree(300)), forestOf(tree(200)));
    expect(differences).toBe(1);
    expect(differentRows.map(({ own }) => own)).toEqual([0, 2, 3]);
  });

  it('compares flows of 20,000 nodes, also when siblings stand in any order', () => {
    const random = seededRandom(1);
    const wide = (offset: number): Forest =>
      forestOf(
        Array.from({ length: 20_000 }, (_, id) =>
          testNode(id, id < 100 ? null : Math.floor(random() * 100), { checkpoint: `step ${(id * offset) % 977}` }),
        ),
      );
    const [a, b] = [wide(7), wide(13)];
    compareFlows(a, b);
    const began = process.cpuUsage();
    const { rows } = compareFlows(a, b);
    const { user, system } = process.cpuUsage(began);
    const tookMs = (user + system) / 1_000;
    expect(rows.length).toBeGreaterThanOrEqual(20_000);
    // Some times what it takes; what is quadratic takes seconds.
    expect(tookMs).toBeLessThan(800);
    if (process.env['FLOW_TIMES'] !== undefined)
      process.stdout.write(`20,000 beside 20,000: ${tookMs.toFixed(1)} ms\n`);
  });
});
