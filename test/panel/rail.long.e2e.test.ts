import type { FlowEvent } from '@flow-tracking/protocol';
import type { Locator } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { FLOW_SOURCE, panelDashboard } from '../support/panel-dashboard';
import { usePanelStack } from '../support/panel-stack';
import { timedFlow, type TimedStep } from '../support/timed-flow';
import { waitFor } from '../support/wait-for';

/** The list of flows beside the view. */

const everyone = panelDashboard('everyone', {
  targets: [{ refId: 'A', datasource: FLOW_SOURCE, queryType: 'live', select: 'everyone' }],
});
const session = panelDashboard('session', {
  targets: [{ refId: 'A', datasource: FLOW_SOURCE, queryType: 'history', select: 'session', session: 'long' }],
});
const stack = usePanelStack({
  dashboards: [
    { ...everyone, timezone: 'Asia/Tokyo' },
    { ...session, timezone: 'utc' },
  ],
});

const STEPS: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 0, tookMs: 30 },
  { checkpoint: 'llm_thinking', atMs: 100, tookMs: 1_000 },
];

/** The same flow, ended otherwise, and of a service of its own. */
function changed(events: readonly FlowEvent[], end: Partial<Extract<FlowEvent, { type: 'flow_end' }>>): FlowEvent[] {
  return events.map((event) => {
    if (event.type === 'flow_start') return { ...event, service: 'billing' };
    return event.type === 'flow_end' ? { ...event, ...end } : event;
  });
}

const item = ({ page }: PanelPage, id: string): Locator =>
  page.locator(`[data-testid="flow-list-item"][data-flow-id="${id}"]`);
const idsIn = ({ page }: PanelPage): Promise<string[]> =>
  page
    .getByTestId('flow-list-item')
    .evaluateAll((items: { getAttribute(name: string): string | null }[]) =>
      items.map((each) => each.getAttribute('data-flow-id') ?? ''),
    );

describe('the list of flows', () => {
  it('says of each flow its name, user, service, status in word and shape, duration, age and time by the clock', async () => {
    const [ann, bob] = [await stack.freshUser(), await stack.freshUser()];
    const flows = await stack.open({ path: '/d/everyone' });
    const { page } = flows;
    await flows.untilLive();
    const startedTs = Date.now() - 90_000;
    const timed = (userId: string, ago: number) =>
      timedFlow({ userId, startedTs: startedTs - ago, tookMs: 1_200, steps: STEPS });
    const failure = { status: 'error', error: { type: 'Error', message: 'no such order' } } as const;
    const ended = [
      [timed(ann, 0), { status: 'ok' }, 'ok', '2 checkpoints'],
      [timed(bob, 1_000), failure, 'failed', 'no such order'],
      [timed(ann, 2_000), { status: 'aborted' }, 'aborted', '2 checkpoints'],
      [timed(bob, 3_000), { status: 'timed_out' }, 'timed out', '2 checkpoints'],
    ] as const;
    for (const [{ events }, end] of ended) await stack.emit(ann, changed(events, end));
    const running = stack.startFlow(bob, { name: 'POST /refund' });
    running.begin('llm_thinking', { 'gen_ai.request.model': 'gpt-4o' });
    await item(flows, running.id)
      .getByText(/^running · user user-\d+ · llm_thinking gpt-4o · chat$/)
      .waitFor();
    await item(flows, running.id).getByText('now', { exact: true }).waitFor();
    await item(flows, running.id).getByText('POST /refund').waitFor();

    const shapes = new Set<string>();
    for (const [flow, , word, rest] of ended) {
      const row = item(flows, flow.id);
      const user = flow === ended[0][0] || flow === ended[2][0] ? ann : bob;
      await row.getByText(`${word} · user ${user} · ${rest} · billing`, { exact: true }).waitFor();
      await row.getByText('1.2 s', { exact: true }).waitFor();
      await row.getByText('1 min ago', { exact: true }).waitFor();
      const endedAt = Number(flow.events[0]!.ts) + 1_200;
      const clock = new Date(endedAt).toLocaleTimeString('en-GB', { timeZone: 'Asia/Tokyo' });
      expect(await row.locator('time').getAttribute('title')).toContain(clock);
      const icon = row.locator('svg').first();
      expect(await icon.getAttribute('aria-label')).toBe(word);
      shapes.add(
        await icon.evaluate((svg: { innerHTML: string }) => svg.innerHTML.replaceAll(/(stroke|fill)="[^"]*"/g, '')),
      );
    }
    // Told apart without their colours.
    expect(shapes.size).toBe(ended.length);

    // What runs counts on.
    const elapsed = item(flows, running.id).getByText(/^\d+(\.\d)? (ms|s)$/);
    const first = await elapsed.innerText();
    await waitFor('the time goes on', async () => (await elapsed.innerText()) !== first);
    await flows.shot('rail-statuses');

    await page.getByTestId('flow-filter-failed').click();
    // Who closed the page has not failed.
    await waitFor('those that failed', async () => (await idsIn(flows)).length === 2);
    expect((await idsIn(flows)).sort()).toEqual([ended[1][0].id, ended[3][0].id].sort());
    expect(await page.getByTestId('flow-filter-failed').innerText()).toMatch(/^Failed\s+2$/);
    await page.getByTestId('flow-filter-running').click();
    await waitFor('what runs', async () => (await idsIn(flows)).length === 1);
    expect(await idsIn(flows)).toEqual([running.id]);
    running.end();
    await page.getByText('No flow runs now.').waitFor();
    await page.getByTestId('flow-filter-all').click();
    await waitFor('all of them', async () => (await idsIn(flows)).length === 5);
    expect(flows.errors).toEqual([]);
    await page.close();
  });

  it('groups them by session, newest first, and goes from one to the next by keys', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, theme: 'light' });
    const { page } = flows;
    await flows.untilLive();
    const now = Date.now();
    const at = (sessionId: string | undefined, ago: number) =>
      timedFlow({
        userId: user,
        startedTs: now - ago,
        tookMs: 1_200,
        steps: STEPS,
        ...(sessionId !== undefined && { sessionId }),
      });
    const [a1, b1, none, a2] = [at('a', 60_000), at('b', 50_000), at(undefined, 40_000), at('a', 30_000)];
    for (const { events } of [a1, b1, none, a2]) await stack.emit(user, events);
    const inOrder = [a2.id, a1.id, none.id, b1.id];
    await waitFor('all of them', async () => (await idsIn(flows)).length === 4);
    expect(await idsIn(flows)).toEqual(inOrder);
    const rail = page.getByTestId('flow-rail');
    await rail.getByText('Session a · 2 flows').waitFor();
    await rail.getByText('Session b · 1 flow').waitFor();
    await rail.getByText('No session · 1 flow').waitFor();
    await flows.untilFlow(a2.id);
    for (const id of inOrder.slice(1)) {
      await rail.press(']');
      await flows.untilFlow(id);
    }
    for (const id of inOrder.slice(0, -1).reverse()) {
      await rail.press('[');
      await flows.untilFlow(id);
    }
    await flows.shot('rail-sessions-light');
    expect(flows.errors).toEqual([]);
    await page.close();
  });

  it('has thousands of them, and draws those in sight', async () => {
    const user = await stack.freshUser();
    const now = Date.now();
    const count = 1_000;
    const events = Array.from({ length: count }, (_, i) =>
      timedFlow({
        userId: user,
        sessionId: 'long',
        startedTs: now - 60_000 - i * 10,
        tookMs: 5,
        steps: [{ checkpoint: `step_${i}`, atMs: 0, tookMs: 1 }],
      }),
    );
    await stack.emit(
      user,
      events.flatMap((flow) => flow.events),
    );
    await stack.untilStored();
    const flows = await stack.open({ path: '/d/session' });
    const { page } = flows;
    await flows.untilFlow(events[0]!.id);
    const first = page.getByTestId('flow-list-item').first();
    await page.locator(`[data-testid="flow-list-item"][aria-setsize="${count}"]`).first().waitFor();
    expect(await first.getAttribute('aria-posinset')).toBe('1');
    expect(await page.getByTestId('flow-list-item').count()).toBeLessThan(60);
    await page.getByTestId('flow-rail').press('End');
    await flows.untilFlow(events.at(-1)!.id);
    await item(flows, events.at(-1)!.id).waitFor();
    expect(await item(flows, events.at(-1)!.id).getAttribute('aria-posinset')).toBe(String(count));
    expect(await page.getByTestId('flow-list-item').count()).toBeLessThan(60);
    await flows.node(`step_${count - 1}`).waitFor();
    await flows.shot('rail-thousand');
    expect(flows.errors).toEqual([]);
    await page.close();
  });
});
