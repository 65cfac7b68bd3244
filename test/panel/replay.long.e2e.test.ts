import type { Locator, Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { usePanelStack } from '../support/panel-stack';
import { timedFlow, type TimedStep } from '../support/timed-flow';

const stack = usePanelStack();

/** Twenty seconds: a check, then a model that calls two tools, the second of which fails. */
const STEPS: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 0, tookMs: 2_000 },
  { checkpoint: 'llm_thinking', atMs: 2_500, tookMs: 17_000 },
  { checkpoint: 'tool_call', atMs: 5_000, tookMs: 8_000, below: 1, tool: 'search' },
  { checkpoint: 'tool_call', atMs: 15_000, tookMs: 2_500, below: 1, tool: 'refund', error: 'no such order' },
];

async function openEnded(): Promise<PanelPage> {
  const user = await stack.freshUser();
  const { id, events } = timedFlow({ userId: user, startedTs: Date.now() - 60_000, tookMs: 20_000, steps: STEPS });
  const opened = await stack.open({ user });
  await opened.untilLive();
  await stack.emit(user, events);
  await opened.untilFlow(id);
  await opened.untilNodes(STEPS.length);
  return opened;
}

const replays = (opened: PanelPage, state: 'playing' | 'paused' | 'off'): Promise<void> =>
  opened.page.locator(`[data-testid="flow-panel"][data-replay="${state}"]`).waitFor();

const nodesAre = (opened: PanelPage, count: number): Promise<void> =>
  opened.page.locator(`[data-testid="flow-panel"][data-nodes="${count}"]`).waitFor();

const atTheEnd = (page: Page): Locator =>
  page.locator('[data-testid="replay-scrubber"][aria-valuetext="20.0 s of 20.0 s"]');

/** Opens a replay that stands still at its begin, with the focus on its scrubber. */
async function openAtBegin(opened: PanelPage): Promise<Locator> {
  await opened.page.getByTestId('flow-rail').press('p');
  await replays(opened, 'playing');
  await opened.page.getByTestId('flow-rail').press('p');
  await replays(opened, 'paused');
  const scrubber = opened.page.getByRole('slider', { name: 'Time in the flow' });
  await scrubber.press('Home');
  return scrubber;
}

describe('the replay of a flow', () => {
  it('shows the flow as it was at any time, forward and back, with its own clock', async () => {
    const opened = await openEnded();
    const { page, errors } = opened;
    const scrubber = await openAtBegin(opened);
    await nodesAre(opened, 1);
    for (let i = 0; i < 5; i++) await scrubber.press('PageUp');
    await nodesAre(opened, 3);
    await opened.node('auth_check', 'ok').waitFor();
    await opened.node('llm_thinking', 'running').waitFor();
    await opened.node('tool_call', 'running').waitFor();
    expect(await scrubber.getAttribute('aria-valuetext')).toBe('10.0 s of 20.0 s');
    expect(await page.getByTestId('replay-time').textContent()).toBe('10.0 s / 20.0 s');
    await opened.view('Timeline');
    // Of what runs: since 2.5 s, and since 5 s.
    expect(await opened.node('llm_thinking', 'running').textContent()).toContain('7.5 s');
    expect(await opened.node('tool_call', 'running').textContent()).toContain('5.0 s');
    // Where there is no room for more than the flow's name, its time stands in the header.
    const window = page.viewportSize();
    await page.setViewportSize({ width: 300, height: 200 });
    await page.getByTestId('flow-header').getByText('10.0 s').waitFor();
    if (window !== null) await page.setViewportSize(window);

    await scrubber.press('End');
    await nodesAre(opened, 4);
    await opened.node('tool_call', 'error').waitFor();
    await opened.node('llm_thinking', 'ok').waitFor();
    await scrubber.press('PageDown');
    await scrubber.press('PageDown');
    await opened.node('tool_call', 'running').waitFor();
    expect(await page.locator('[data-testid="flow-node"][data-status="error"]').count()).toBe(0);

    const box = await scrubber.boundingBox();
    await scrubber.click({ position: { x: (box?.width ?? 0) * 0.2, y: 5 } });
    await nodesAre(opened, 2);
    await opened.shot('replay-paused');
    await scrubber.press('Escape');
    await replays(opened, 'off');
    await nodesAre(opened, 4);
    await opened.node('tool_call', 'error').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('plays to its end at the chosen speed, and again from its begin', async () => {
    const opened = await openEnded();
    const { page, errors } = opened;
    const scrubber = await openAtBegin(opened);
    const speed = page.getByTestId('replay-speed');
    for (const text of ['2×', '5×', '10×']) {
      await speed.click();
      expect(await speed.textContent()).toBe(text);
    }
    await scrubber.press(' ');
    await atTheEnd(page).waitFor();
    await replays(opened, 'paused');
    await nodesAre(opened, 4);
    // After the quickest comes the slowest.
    await speed.click();
    expect(await speed.textContent()).toBe('0.5×');
    await page.getByTestId('replay-play').click();
    await replays(opened, 'playing');
    await page.locator('[data-testid="flow-panel"]:is([data-nodes="1"], [data-nodes="2"])').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('plays in steps for who asked for less motion', async () => {
    const opened = await openEnded();
    await opened.page.emulateMedia({ reducedMotion: 'reduce' });
    const scrubber = await openAtBegin(opened);
    for (let i = 0; i < 9; i++) await scrubber.press('PageUp');
    await opened.page.getByTestId('replay-play').click();
    await atTheEnd(opened.page).waitFor();
    await replays(opened, 'paused');
    await opened.page.close();
  });

  it('ends when another flow is picked, and is refused while a flow runs', async () => {
    const opened = await openEnded();
    const { page, panel } = opened;
    const user = new URL(page.url()).searchParams.get('var-user') ?? '';
    await openAtBegin(opened);
    const { id, events } = timedFlow({
      userId: user,
      startedTs: Date.now() - 2_000,
      steps: [{ checkpoint: 'llm_thinking', atMs: 0 }],
    });
    await stack.emit(user, events);
    const item = page.locator(`[data-testid="flow-list-item"][data-flow-id="${id}"]`);
    await item.waitFor();
    await replays(opened, 'paused');
    await item.click();
    await opened.untilFlow(id);
    await replays(opened, 'off');
    await page.getByTestId('flow-rail').press('p');
    await panel.getByRole('button', { name: 'Panel menu' }).click();
    await page.getByText('The flow still runs').waitFor();
    expect(await panel.getAttribute('data-replay')).toBe('off');
    await page.close();
  });
});
