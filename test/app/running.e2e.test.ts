import type { Locator, Page } from 'playwright-core';
import { seriousViolations } from '../support/axe';
import { chatFlow } from '../support/flow-events';
import { APP, startAppStack, type AppStack } from './app-stack';

const USER = '#h?x&y=1';

let stack: AppStack;
beforeAll(async () => {
  stack = await startAppStack('Editor');
});
afterAll(() => stack.stop());

const rowOf = (page: Page, flowId: string) => page.locator(`[data-testid="running-flow"][data-flow-id="${flowId}"]`);

/** Path and parameters of a link. */
async function placeOf(link: Locator): Promise<[string, Record<string, string>]> {
  const url = new URL((await link.getAttribute('href')) ?? '', 'http://x');
  return [url.pathname, Object.fromEntries(url.searchParams)];
}

describe('Running now', () => {
  it('shows a flow that hangs, of a user whom nobody monitors, until it ends', async () => {
    const { page, errors } = await stack.open(`${APP}/running`);
    await page.getByText('Nothing runs now.').waitFor();
    const events = chatFlow({ userId: USER, startedTs: Date.now() - 65_000 });
    const flowId = events[0]?.flow_id ?? '';
    await stack.record(events.slice(0, 5));
    const row = rowOf(page, flowId);
    await row.waitFor();
    const cells = await row.locator('td').allInnerTexts();
    expect(cells.slice(2, 7)).toEqual(['tool_call · search', 'POST /ask/stream', USER, 'chat', flowId]);
    // A minute and more, which it says is long; it goes on between two answers.
    expect(cells[1]).toMatch(/^1 m \d\d s\s*long$/);
    const first = cells[1]?.split('long')[0]?.trim() ?? '';
    await row.getByText(first).waitFor({ state: 'detached', timeout: 1_900 });

    const links = row.getByRole('link');
    expect(await placeOf(links.nth(0))).toEqual(['/d/flow-live/live-flows', { 'var-user': USER }]);
    expect(await placeOf(links.nth(1))).toEqual([
      '/d/flow-session/session-detail',
      { 'var-user': USER, 'var-session': flowId, 'fp-1-flow': flowId },
    ]);
    expect(await placeOf(row.getByRole('link', { name: /^Watch/ }))).toEqual([APP, { user: USER }]);

    expect(await seriousViolations(page, '[data-testid="running-page"]')).toEqual([]);
    const light = await stack.open(`${APP}/running?user=${encodeURIComponent(USER)}&min_age_s=60`, { theme: 'light' });
    await rowOf(light.page, flowId).waitFor();
    expect(await seriousViolations(light.page, '[data-testid="running-page"]')).toEqual([]);
    await light.page.close();

    await page.getByLabel('Filter').fill('SEARCH');
    await page.waitForURL(/[?&]q=SEARCH(&|$)/);
    expect(await row.count()).toBe(1);
    await page.getByLabel('User', { exact: true }).fill('somebody else');
    await page.getByText('No flow that runs now passes the filters.').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await row.waitFor();

    await stack.record(events.slice(5));
    await row.waitFor({ state: 'detached' });
    await page.getByText('Nothing runs now.').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });
});
