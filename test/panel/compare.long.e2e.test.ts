import type { Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { usePanelStack } from '../support/panel-stack';
import { timedFlow, type TimedStep } from '../support/timed-flow';

const stack = usePanelStack();

/** One that went well. */
const GOOD: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 0, tookMs: 30 },
  { checkpoint: 'llm_thinking', atMs: 100, tookMs: 1_000 },
  { checkpoint: 'tool_call', atMs: 200, tookMs: 400, below: 1, tool: 'search' },
  { checkpoint: 'tool_call', atMs: 700, tookMs: 100, below: 1, tool: 'refund' },
];

/** One with a call more before the others, one that fails, and a slow model. */
const BAD: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 0, tookMs: 34 },
  { checkpoint: 'llm_thinking', atMs: 100, tookMs: 2_200 },
  { checkpoint: 'tool_call', atMs: 150, tookMs: 40, below: 1, tool: 'lookup' },
  { checkpoint: 'tool_call', atMs: 200, tookMs: 320, below: 1, tool: 'search' },
  { checkpoint: 'tool_call', atMs: 700, tookMs: 100, below: 1, tool: 'refund', error: 'no such order' },
];

/** Both flows of a new user, the later one shown. */
async function openBoth(): Promise<{ opened: PanelPage; user: string; good: string; bad: string }> {
  const user = await stack.freshUser();
  const session = { userId: user, sessionId: `session of ${user}` };
  const good = timedFlow({ ...session, startedTs: Date.now() - 90_000, tookMs: 1_150, steps: GOOD });
  const bad = timedFlow({ ...session, startedTs: Date.now() - 60_000, tookMs: 2_400, steps: BAD });
  const opened = await stack.open({ user });
  await opened.untilLive();
  await stack.emit(user, good.events);
  await opened.untilFlow(good.id);
  await stack.emit(user, bad.events);
  await opened.untilFlow(bad.id);
  await opened.untilNodes(BAD.length);
  return { opened, user, good: good.id, bad: bad.id };
}

const rows = (page: Page) => page.getByTestId('compare-row');

/** What the rows say, as `checkpoint: difference`. */
const differencesOn = (page: Page): Promise<string[]> =>
  rows(page).evaluateAll(
    (
      elements: {
        getAttribute(name: string): string | null;
        lastElementChild: { textContent: string | null } | null;
      }[],
    ) => elements.map((row) => `${row.getAttribute('data-checkpoint')}: ${row.lastElementChild?.textContent}`),
  );

const comparing = (page: Page, otherId: string): Promise<void> =>
  page.locator(`[data-testid="flow-compare"][data-other="${otherId}"]`).waitFor();

describe('the comparison of two flows', () => {
  it('marks differences by path, mirrors them when swapped, and shows the same after a reload', async () => {
    const { opened, good, bad } = await openBoth();
    const { page, errors } = opened;
    await page.getByTestId('flow-rail').press('c');
    await comparing(page, good);
    await rows(page).nth(4).waitFor();
    const expected = [
      'auth_check: 34 ms +4 ms',
      'llm_thinking: 2.2 s +1.2 s',
      'tool_call: only here',
      'tool_call: 320 ms −80 ms',
      'tool_call: failed, was ok',
    ];
    expect(await differencesOn(page)).toEqual(expected);
    expect(await page.getByTestId('compare-totals').textContent()).toMatch(/2\.4 s \+1\.3 s.*5 \+1.*4 differences/);
    await opened.shot('compare-dark');
    await page.waitForURL((url) => url.searchParams.get('fp-1-compare') === good);
    await page.reload();
    await comparing(page, good);
    await rows(page).nth(4).waitFor();
    expect(await differencesOn(page)).toEqual(expected);

    await page.getByRole('button', { name: 'Swap' }).click();
    await opened.untilFlow(good);
    await comparing(page, bad);
    await rows(page).nth(4).waitFor();
    expect(await differencesOn(page)).toEqual([
      'auth_check: 30 ms −4 ms',
      'llm_thinking: 1.0 s −1.2 s',
      'tool_call: only there',
      'tool_call: 400 ms +80 ms',
      'tool_call: ok, was failed',
    ]);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('shows only differences, is walked by keys, opens details, and closes', async () => {
    const { opened, good } = await openBoth();
    const { page, errors } = opened;
    await page.getByTestId('flow-rail').press('c');
    await comparing(page, good);
    await page.getByRole('button', { name: 'Only differences' }).click();
    await page.locator('[data-testid="compare-rows"][aria-rowcount="4"]').waitFor();
    expect((await differencesOn(page))[0]).toBe('llm_thinking: 2.2 s +1.2 s');

    const tabStops = page.locator('[data-testid="compare-row"][tabindex="0"]');
    expect(await tabStops.count()).toBe(1);
    await tabStops.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowUp');
    expect(await page.locator(':focus').getAttribute('data-row')).toBe('2');
    await page.keyboard.press('Enter');
    await page.getByTestId('flow-node-details').getByText('search').first().waitFor();
    await page.locator('[data-testid="compare-row"][data-row="2"][aria-selected="true"]').waitFor();
    await tabStops.press('Escape');
    await page.getByTestId('flow-tree').waitFor();
    expect(await page.getByTestId('flow-compare').count()).toBe(0);
    await page.waitForURL((url) => !url.searchParams.has('fp-1-compare'));
    expect(errors).toEqual([]);
    await page.close();
  });

  it('keeps up with a flow that runs', async () => {
    const { opened, user, bad } = await openBoth();
    const { page } = opened;
    const flow = stack.startFlow(user);
    flow.checkpoint('auth_check');
    const thinking = flow.begin('llm_thinking');
    await opened.untilFlow(flow.id);
    await opened.untilNodes(2);
    await page.getByTestId('flow-rail').press('c');
    await page
      .locator('[data-testid="compare-row"][data-checkpoint="llm_thinking"][data-difference="running"]')
      .waitFor();
    thinking.begin('tool_call').end();
    await page.locator('[data-testid="compare-row"][data-difference="onlyHere"]').waitFor();
    thinking.end();
    await page
      .locator('[data-testid="compare-row"][data-checkpoint="llm_thinking"][data-difference="duration"]')
      .waitFor();
    flow.end();
    // Against any other flow of the data.
    await page.getByRole('combobox', { name: 'The other flow' }).click();
    await page.getByRole('option').filter({ hasText: '2.4 s · ok' }).click();
    await comparing(page, bad);
    await page.close();
  });

  it('says what is missing', async () => {
    const { opened, user, bad } = await openBoth();
    await opened.page.close();
    const linked = await stack.open({ user, params: { 'fp-1-flow': bad, 'fp-1-compare': 'gone' } });
    await linked.page.getByText('The other flow is not in this data').waitFor();
    await linked.page.close();

    const alone = await stack.freshUser();
    const only = await stack.open({ user: alone });
    await only.untilLive();
    await stack.emit(
      alone,
      timedFlow({ userId: alone, startedTs: Date.now() - 5_000, tookMs: 1_150, steps: GOOD }).events,
    );
    await only.untilNodes(GOOD.length);
    await only.panel.getByRole('button', { name: 'Panel menu' }).click();
    await only.page.getByText('There is no other flow').waitFor();
    await only.page.close();
  });
});
