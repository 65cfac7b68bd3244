import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { waitFor } from '../support/wait-for';

/** What the panel says of itself when the bridge hangs, and when it is back. */

const stack = usePanelStack();
/** From the moment that nothing comes any more. */
const TOLD_WITHIN_MS = 5_000;

afterEach(() => stack.network.setMode('pass'));

describe.each(['Tree', 'Timeline', 'Outline'] as const)('a bridge that hangs: %s', (view) => {
  it('is told within 5 s, with clocks that stand and say so; when it is back, the tree is complete', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: { ...ALONE, 'fp-1-view': view.toLowerCase() } });
    const { page, panel } = flows;
    await flows.untilLive();
    const flow = stack.startFlow(user);
    const thinking = flow.begin('llm_thinking');
    await flows.node('llm_thinking', 'running').waitFor();
    await page.getByText(/^last event (just now|\d+ s ago)$/).waitFor();
    // Where the flow is named, and in its row in the list.
    const elapsed = page.getByTestId('flow-list-item').getByText(/^\d+(\.\d)? (ms|s)$/);
    const shown = (): Promise<string> => elapsed.innerText();
    const before = await shown();
    await waitFor('the clock goes', async () => (await shown()) !== before);

    stack.network.setMode('stall');
    const stalledTs = Date.now();
    const lastEvent = await page.getByText(/^last event \d+ s ago$/).innerText();
    await waitFor('the age of the last event grows', async () => {
      const now = page.getByText(/^last event \d+ s ago$/);
      return (await panel.getAttribute('data-connection')) !== 'live' || (await now.innerText()) !== lastEvent;
    });
    await page.locator('[data-testid="flow-panel"]:not([data-connection="live"])').waitFor();
    expect(Date.now() - stalledTs).toBeLessThan(TOLD_WITHIN_MS);
    await page
      .getByTestId('flow-frozen')
      .getByText(/^times frozen since \d\d:\d\d:\d\d$/)
      .waitFor();
    expect(await page.getByTestId('flow-connection').getAttribute('data-state')).not.toBe('live');
    // The tree's own clocks are pixels.
    const running = flows.node('llm_thinking', 'running');
    const drawn = async (): Promise<string> =>
      view === 'Tree' ? (await running.screenshot()).toString('base64') : await running.innerText();
    const [frozen, clock] = [await shown(), await drawn()];
    // Meanwhile the flow goes on, and nobody sees it.
    const tool = thinking.begin('tool_call');
    tool.fail(new Error('search took too long'));
    await delay(1_000);
    expect(await shown()).toBe(frozen);
    expect(await drawn()).toBe(clock);
    await flows.shot(`liveness-frozen-${view.toLowerCase()}`);

    stack.network.setMode('pass');
    await flows.untilLive();
    await flows.node('tool_call', 'error').waitFor();
    await waitFor('the clocks go on', async () => (await shown()) !== frozen && (await drawn()) !== clock);
    expect(await page.getByTestId('flow-frozen').count()).toBe(0);
    thinking.end();
    flow.end();
    await flows.node('llm_thinking', 'ok').waitFor();
    expect(await panel.getAttribute('data-nodes')).toBe('2');
    expect(await page.getByTestId('flow-missing').count()).toBe(0);
    await page.close();
  });
});

describe('a page that is opened without its bridge', () => {
  /** Opens it while a flow runs, and expects the flow once the bridge is there. */
  async function openWithout(
    mode: 'refuse' | 'hold',
    theme: 'dark' | 'light',
    expectTold: (flows: PanelPage) => Promise<void>,
  ): Promise<void> {
    stack.network.setMode(mode);
    const user = await stack.freshUser();
    const flow = stack.startFlow(user);
    flow.begin('llm_thinking');
    const flows = await stack.open({ user, theme, params: ALONE });
    await expectTold(flows);
    await flows.shot(`liveness-${mode}-${theme}`);
    stack.network.setMode('pass');
    await flows.untilLive();
    await flows.untilFlow(flow.id);
    await flows.node('llm_thinking', 'running').waitFor();
    flow.end();
    await flows.page.close();
  }

  it('says so while there is nothing to show yet', () =>
    openWithout('refuse', 'light', async ({ page }) => {
      await page.getByTestId('flow-empty').waitFor();
      await page.locator('[data-testid="flow-connection"][data-state="reconnecting"]').waitFor();
    }));

  it('says so when the bridge hangs, though the dashboard waits for the values of its variable', () =>
    openWithout('hold', 'dark', async ({ page }) => {
      const says = page.getByTestId('flow-empty');
      await says.getByText('Connecting to the bridge …').waitFor({ timeout: TOLD_WITHIN_MS });
      await says.getByText('The bridge does not answer. Check that it runs').waitFor({ timeout: TOLD_WITHIN_MS });
    }));
});

describe('a browser whose clock is five minutes ahead', () => {
  it('counts what runs from its begin, though no event has come that tells the time', async () => {
    const user = await stack.freshUser();
    const flow = stack.startFlow(user);
    const thinking = flow.begin('llm_thinking');
    await stack.untilStored();
    const skew = async (page: Page): Promise<void> => {
      await page.addInitScript(`{
        const { Date: Real } = window;
        const now = () => Real.now() + 300_000;
        window.Date = class extends Real {
          constructor(...args) {
            super(...(args.length === 0 ? [now()] : args));
          }
          static now() {
            return now();
          }
        };
      }`);
    };
    const flows = await stack.open({ user, params: ALONE, prepare: skew });
    await flows.untilLive();
    await flows.untilFlow(flow.id);
    const elapsed = flows.page.getByTestId('flow-list-item').getByText(/^\d+(\.\d)? (ms|s)$/);
    // Less than a minute: it runs since this test began.
    expect(await elapsed.innerText()).toMatch(/^(\d+ ms|[1-5]?\d(\.\d)? s)$/);
    await flows.page.getByTestId('flow-list-item').getByText('now', { exact: true }).waitFor();
    thinking.end();
    await flows.node('llm_thinking', 'ok').waitFor();
    flow.end();
    await flows.page.close();
  });
});

describe('what runs, of a bridge that hangs', () => {
  it('says within a few seconds that it is not what runs now', async () => {
    const user = await stack.freshUser();
    const flow = stack.startFlow(user);
    flow.begin('llm_thinking');
    const { page } = await stack.open({ path: '/a/flowtracking-flows-app/running' });
    await page.getByText(user, { exact: true }).first().waitFor();
    stack.network.setMode('hold');
    // It is asked for every 2 s, and may take 5.
    await page.getByText('The bridge does not answer. Check that it runs').waitFor({ timeout: 8_000 });
    expect(await page.getByText(user, { exact: true }).count()).toBeGreaterThan(0);
    stack.network.setMode('pass');
    await page.getByText('The bridge does not answer').waitFor({ state: 'detached' });
    flow.end();
    await page.close();
  });
});
