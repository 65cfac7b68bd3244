import { seededRandom } from '../../../../protocol/src/testing/sample-events';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { createForest } from '../layout/forest';
import { createTreeLayout } from '../layout/tree-layout';
import { testFlow, testNode } from '../layout/test-forest';
import { createReplayFlow } from './replay-flow';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);
const BEGIN = 1_000;

/** Nodes of all kinds in any order: instant, ended, failed, of no length, and left running. */
function randomFlow(random: () => number): PanelFlow {
  const nodes: PanelNode[] = Array.from({ length: Math.floor(random() * 60) }, (_, id) => {
    const startedTs = BEGIN + Math.floor(random() * 40) * 25;
    const durationMs = Math.floor(random() * 20) * 25;
    const parentId = id === 0 || random() < 0.3 ? null : Math.floor(random() * id);
    const dice = random();
    const at = { startedTs, attributes: { 'gen_ai.tool.name': `tool ${id}`, result: `of ${id}` } };
    if (dice < 0.2) return testNode(id, parentId, { ...at, durationMs });
    if (dice < 0.3) return testNode(id, parentId, { ...at, status: 'running', durationMs: null });
    const ended = { ...at, endedTs: startedTs + durationMs, durationMs };
    if (dice < 0.5)
      return testNode(id, parentId, { ...ended, status: 'error', error: { type: 'E', message: `${id}` } });
    return testNode(id, parentId, ended);
  });
  return testFlow(nodes, { startedTs: BEGIN, durationMs: Math.floor(random() * 1_500), httpStatus: 200 });
}

/** A node as it was at a time, by what is known of it alone. */
function nodeAt(node: PanelNode, ts: number, lastTs: number): PanelNode | null {
  if (node.startedTs > ts) return null;
  const isInstant = node.endedTs === null && node.status !== 'running';
  const endTs = node.status === 'running' ? lastTs : (node.endedTs ?? node.startedTs);
  if (isInstant || endTs <= ts) return node;
  const attributes = { 'gen_ai.tool.name': node.attributes['gen_ai.tool.name'] ?? null };
  return { ...node, status: 'running', endedTs: null, durationMs: null, error: null, attributes };
}

const byId = (nodes: readonly PanelNode[]): PanelNode[] => [...nodes].sort((a, b) => Number(a.id) - Number(b.id));

describe('createReplayFlow', () => {
  it.each(SEEDS)('is at any time the flow as it was then, wherever it came from (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const flow = randomFlow(random);
    const replay = createReplayFlow(flow);
    for (let step = 0; step < 40; step++) {
      const ms = replay.fromMs + Math.floor(random() * 45) * 25;
      const shown = replay.at(ms);
      const expected = flow.nodes.list.map((node) => nodeAt(node, BEGIN + ms, BEGIN + replay.toMs));
      expect(byId(shown.nodes.list)).toEqual(expected.filter((node) => node !== null));
      const hasEnded = ms >= (flow.durationMs ?? 0);
      expect(shown.status).toBe(hasEnded ? flow.status : 'running');
      expect(shown.httpStatus).toBe(hasEnded ? 200 : null);
    }
  });

  it.each(SEEDS)('is the flow itself at its end (seed %i)', (seed) => {
    const flow = randomFlow(seededRandom(seed));
    const replay = createReplayFlow(flow);
    const { nodes, ...end } = replay.at(replay.toMs);
    const { nodes: ownNodes, ...own } = flow;
    expect(end).toEqual(own);
    expect(byId(nodes.list)).toEqual(byId(ownNodes.list));
  });

  it('has ended at its end though times are no whole numbers', () => {
    for (const startedTs of [1795771307263.655, 1795771307263.1, 1795771307264.9]) {
      const replay = createReplayFlow(testFlow([], { startedTs, durationMs: 2_764.327 }));
      expect(replay.at(replay.toMs).status).toBe('ok');
    }
  });

  it.each(SEEDS)('grows its nodes in place while time goes on, and leaves all others as they are (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const replay = createReplayFlow(randomFlow(random));
    let ms = replay.fromMs;
    let before = replay.at(ms);
    const { nodes } = before;
    while (ms <= replay.toMs) {
      const journal = nodes.journal.length;
      const nodesBefore = [...nodes.list];
      const next = replay.around(ms).nextMs;
      ms += 10 + Math.floor(random() * 100);
      const now = replay.at(ms);
      expect(now.nodes).toBe(nodes);
      if (next > ms && now.status === before.status) expect(now).toBe(before);
      const changed = new Set(nodes.journal.slice(journal));
      nodesBefore.forEach((node, index) => expect(nodes.list[index] === node).toBe(!changed.has(index)));
      before = now;
    }
  });

  it('has other nodes when time goes back, so that no reader keeps what has not happened yet', () => {
    const flow = testFlow([testNode(0, null, { startedTs: 1_100, endedTs: 1_200, durationMs: 100 })], {
      startedTs: BEGIN,
      durationMs: 500,
    });
    const replay = createReplayFlow(flow);
    const late = replay.at(300).nodes;
    expect(replay.at(50).nodes.list).toEqual([]);
    expect(late.list).toHaveLength(1);
  });

  it('counts the errors and checkpoints that there were', () => {
    const failed = { endedTs: 1_200, durationMs: 100, status: 'error', error: null } as const;
    const flow = testFlow(
      [testNode(0, null, { startedTs: 1_100, ...failed }), testNode(1, null, { startedTs: 1_300 })],
      {
        startedTs: BEGIN,
        durationMs: 500,
      },
    );
    const replay = createReplayFlow(flow);
    const countsAt = (ms: number): number[] => [replay.at(ms).errorCount, replay.at(ms).checkpointCount];
    expect([100, 250, 320, 150].map(countsAt)).toEqual([
      [0, 1],
      [1, 1],
      [1, 2],
      [0, 1],
    ]);
  });

  it('puts the cards of one step after another where they stand when it plays, wherever it is scrubbed to', () => {
    const nodes = [0, 1, 2, 3, 4].flatMap((turn) => [
      testNode(turn * 3, null, { startedTs: BEGIN + turn * 100, endedTs: BEGIN + turn * 100 + 90, durationMs: 90 }),
      testNode(turn * 3 + 1, turn * 3, { startedTs: BEGIN + turn * 100 + 10 }),
      testNode(turn * 3 + 2, turn * 3, { startedTs: BEGIN + turn * 100 + 20 }),
    ]);
    const replay = createReplayFlow(testFlow(nodes, { startedTs: BEGIN, durationMs: 600 }));
    const placesOf = (ms: number): Record<string, string> => {
      const forest = createForest(replay.at(ms).nodes);
      forest.update();
      const layout = createTreeLayout(forest);
      layout.update(new Set());
      return Object.fromEntries(forest.nodes.list.map(({ id }, i) => [id, `${layout.x[i]},${layout.y[i]}`]));
    };
    const end = placesOf(600);
    for (const ms of [450, 320, 115, 230]) expect(end).toMatchObject(placesOf(ms));
  });

  it('tells what changed last and what changes next', () => {
    const flow = testFlow([testNode(0, null, { startedTs: 1_100, endedTs: 1_200, durationMs: 100 })], {
      startedTs: BEGIN,
      durationMs: 500,
    });
    const replay = createReplayFlow(flow);
    expect(replay.around(50)).toEqual({ lastMs: 0, nextMs: 100 });
    expect(replay.around(150)).toEqual({ lastMs: 100, nextMs: 200 });
    expect(replay.around(450)).toEqual({ lastMs: 200, nextMs: Infinity });
  });
});
