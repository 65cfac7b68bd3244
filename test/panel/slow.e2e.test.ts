import { createFlowIds, type CheckpointSummary, type FlowDetail, type FlowEvent } from '@flow-tracking/protocol';
import type { Page } from 'playwright-core';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { waitFor } from '../support/wait-for';

const PRICES = {
  currency: 'USD',
  // For a million tokens; made up.
  prices: [
    { model: 'sim-*', input: 2, output: 8 },
    { model: 'sim-large', input: 20, output: 80 },
  ],
};
const stack = usePanelStack({ datasource: PRICES });
const nextFlowId = createFlowIds();

/** A flow in which checkpoints of one name ended, all after the same time. */
function samples(checkpoint: string, count: number, durationMs: number): FlowEvent[] {
  const startedTs = Date.now() - 60_000;
  const flow_id = nextFlowId(startedTs);
  const steps = Array.from({ length: count }, (_, i): FlowEvent => {
    const seq = i + 1;
    const ts = startedTs + seq * durationMs;
    const told = { checkpoint, status: 'ok', duration_ms: durationMs } as const;
    return { type: 'checkpoint', flow_id, seq, ts, node_id: seq, parent_id: null, ...told };
  });
  const start = { session_id: flow_id, name: 'seed', service: 'chat', instance: 'chat-1' };
  const end = { status: 'ok', duration_ms: durationMs * count } as const;
  return [
    { type: 'flow_start', flow_id, seq: 0, ts: startedTs, user_id: 'seed', ...start },
    ...steps,
    { type: 'flow_end', flow_id, seq: count + 1, ts: startedTs + durationMs * (count + 1), ...end },
  ];
}

async function summaryOf(checkpoint: string) {
  const { body } = await stack.ask('/api/v1/stats/checkpoints/summary');
  return (body as CheckpointSummary).checkpoints.find((line) => line.checkpoint === checkpoint);
}

/** Keeps, by checkpoint, when a node of it was first marked, epoch ms. */
async function watchMarks(page: Page): Promise<void> {
  await page.addInitScript(`
    window.marked = {};
    new MutationObserver(() => {
      for (const node of document.querySelectorAll('[data-slow]')) window.marked[node.dataset.checkpoint] ??= Date.now();
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-slow'] });
  `);
}

describe('a slow checkpoint', () => {
  let p95Ms: number;

  beforeAll(async () => {
    await stack.emit('seed', [...samples('slow_step', 20, 1_000), ...samples('rare_step', 19, 20)]);
    await waitFor('the figures are there', async () => (await summaryOf('rare_step'))?.count === 19);
    const summary = await summaryOf('slow_step');
    expect(summary?.count).toBe(20);
    p95Ms = summary?.p95_ms ?? 0;
  });

  it('is marked while it runs, within a second, against the p95 of at least 20 samples', async () => {
    const user = await stack.freshUser();
    const { page, errors, ...flows } = await stack.open({ user, params: ALONE, prepare: watchMarks });
    await flows.untilLive();
    const flow = stack.startFlow(user);
    const begunTs = Date.now();
    // 19 samples of 20 ms are not enough to call this one slow.
    const rare = flow.begin('rare_step');
    const slow = flow.begin('slow_step');
    await flows.untilFlow(flow.id);
    const card = flows.node('slow_step', 'running');
    await card.waitFor();
    await page.locator('[data-checkpoint="slow_step"][data-slow]').waitFor();
    const markedTs = await page.evaluate<number>('window.marked.slow_step');
    expect(markedTs - begunTs).toBeGreaterThanOrEqual(p95Ms);
    expect(markedTs - begunTs).toBeLessThanOrEqual(p95Ms + 1_000);
    expect(await page.getByTestId('flow-slow-count').textContent()).toContain('1 slow');
    await page.locator('[data-checkpoint="slow_step"][data-slow$="× p95"]').waitFor();
    expect(await card.getAttribute('aria-label')).toMatch(/slow: \d+\.\d times its p95 of the last 24 hours/);
    await flows.shot('slow-tree');
    for (const name of ['Timeline', 'Outline'] as const) {
      await flows.view(name);
      await flows.node('slow_step', 'running').getByTestId('flow-slow').first().waitFor();
      await flows.shot(`slow-${name.toLowerCase()}`);
    }
    slow.end();
    rare.end();
    flow.end();
    await stack.untilStored();
    const { body } = await stack.ask(`/api/v1/flows/${flow.id}`);
    const ended = (body as FlowDetail).checkpoints.find(({ checkpoint }) => checkpoint === 'slow_step');
    const factor = (ended?.duration_ms ?? 0) / p95Ms;
    await flows
      .node('slow_step', 'ok')
      .getByText(`${factor.toFixed(1)}× p95`)
      .first()
      .waitFor();
    expect(await page.evaluate('Object.keys(window.marked)')).toEqual(['slow_step']);
    expect(await flows.node('rare_step').getByTestId('flow-slow').count()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('a price', () => {
  it('gives model calls and their flow a cost, wrappers counted once', async () => {
    const user = await stack.freshUser();
    const { page, errors, ...flows } = await stack.open({ user, params: ALONE });
    await flows.untilLive();
    const flow = stack.startFlow(user);
    const agent = flow.begin('agent', { 'gen_ai.request.model': 'sim-1' });
    const call = agent.begin('llm_thinking', { 'gen_ai.request.model': 'sim-1' });
    const tokens = { 'gen_ai.usage.input_tokens': 1_000, 'gen_ai.usage.output_tokens': 500 };
    call.end({ ...tokens, 'flow.first_chunk_ms': 1 });
    agent.end(tokens);
    flow.checkpoint('summary', { 'gen_ai.request.model': 'sim-large', 'gen_ai.usage.input_tokens': 100 });
    flow.end();
    await flows.untilFlow(flow.id);
    await flows.node('summary').waitFor();
    // 1,000 × $2 + 500 × $8 for a million, and 100 × $20.
    await page.getByTestId('flow-cost').getByText('$0.008').waitFor();
    expect(await page.getByTestId('flow-tokens').textContent()).toBe('1,600 tokens');
    expect(await page.getByTestId('flow-first-chunk').textContent()).toMatch(/^first chunk after \d/);
    expect(await flows.node('llm_thinking').getAttribute('aria-label')).toContain('1,500 tok, $0.006');
    await flows.shot('cost-tree');
    await flows.view('Outline');
    await flows.node('summary').getByText('$0.002').waitFor();
    await flows.shot('cost-outline');
    expect(errors).toEqual([]);
    await page.close();
  });
});
