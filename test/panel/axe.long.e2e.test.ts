import { seriousViolations } from '../support/axe';
import type { PanelPage } from '../support/panel-page';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { timedFlow, type TimedStep } from '../support/timed-flow';

const stack = usePanelStack();
const PANEL = '[data-testid="flow-panel"]';
const VIEWS = ['Tree', 'Timeline', 'Outline'] as const;
const THEMES = ['dark', 'light'] as const;
/** More than a form of filters has, and the panel's header behind it. */
const TAB_STOPS = 20;

/** A check, and a model that calls a tool that fails and others that are folded. */
const STEPS: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 0, tookMs: 30 },
  { checkpoint: 'llm_thinking', atMs: 100, tookMs: 1_000 },
  { checkpoint: 'tool_call', atMs: 200, tookMs: 400, below: 1, tool: 'search', error: 'search took too long' },
  ...Array.from({ length: 8 }, (_, i) => ({
    checkpoint: 'tool_call',
    atMs: 600 + i,
    tookMs: 100,
    below: 1,
    tool: 'lookup',
  })),
];

/** Everything axe finds, each with what was looked at, so that one run tells all of it. */
function collector({ page }: PanelPage) {
  const found: string[] = [];
  return {
    found,
    look: async (what: string, selector = PANEL): Promise<void> => {
      for (const violation of await seriousViolations(page, selector)) found.push(`${what}: ${violation}`);
    },
  };
}

describe.each(THEMES)('the panel in the %s theme', (theme) => {
  it('has no serious violation in any view: running, failed, with details, replayed', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, theme, params: ALONE });
    const { found, look } = collector(flows);
    await flows.untilLive();
    const running = timedFlow({
      userId: user,
      startedTs: Date.now() - 2_000,
      steps: STEPS.map((step) => {
        if (step.error !== undefined) return step;
        const { tookMs: _, ...begun } = step;
        return begun;
      }),
    });
    await stack.emit(user, running.events);
    await flows.untilFlow(running.id);
    await flows.untilNodes(STEPS.length);
    for (const view of VIEWS) {
      await flows.view(view);
      await flows.node('llm_thinking', 'running').waitFor();
      await look(`${view}, running`);
    }
    const failed = timedFlow({ userId: user, startedTs: Date.now() - 1_500, tookMs: 1_200, steps: STEPS });
    await stack.emit(user, failed.events);
    await flows.untilFlow(failed.id);
    for (const view of VIEWS) {
      await flows.view(view);
      await flows.node('llm_thinking', 'ok').waitFor();
      await look(`${view}, failed`);
      await flows.node('tool_call', 'error').click();
      await flows.page.getByTestId('flow-node-details').waitFor();
      await look(`${view}, details`);
      await flows.page.keyboard.press('Escape');
      await flows.page.getByTestId('flow-node-details').waitFor({ state: 'detached' });
      await flows.page.keyboard.press('p');
      await flows.page.locator('[data-testid="flow-panel"][data-replay="playing"]').waitFor();
      await look(`${view}, replay`);
      await flows.page.keyboard.press('Escape');
      await flows.page.locator('[data-testid="flow-panel"][data-replay="off"]').waitFor();
    }
    expect(found).toEqual([]);
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });

  it('has none in what stands over it, nor beside another flow', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, theme, params: ALONE });
    const { page, panel } = flows;
    const { found, look } = collector(flows);
    await flows.untilLive();
    const other = timedFlow({ userId: user, startedTs: Date.now() - 9_000, tookMs: 1_200, steps: STEPS.slice(0, 2) });
    const shown = timedFlow({ userId: user, startedTs: Date.now() - 3_000, tookMs: 1_200, steps: STEPS });
    for (const { events } of [other, shown]) await stack.emit(user, events);
    await flows.untilFlow(shown.id);
    await flows.untilNodes(STEPS.length);
    const rail = page.getByTestId('flow-rail');

    await rail.press('?');
    await page.getByTestId('flow-key-help').waitFor();
    await look('help', '[role="dialog"]');
    await page.keyboard.press('Escape');
    await page.getByTestId('flow-key-help').waitFor({ state: 'detached' });

    await rail.press('F');
    await page.getByTestId('flow-filter-form').waitFor();
    await look('filter', '[data-testid="flow-filter-form"]');
    await look('panel behind the filter');
    // Behind it means hidden: the focus stays within. Where it would leave, it is led back at once.
    for (let i = 0; i < TAB_STOPS; i++) {
      await page.keyboard.press('Tab');
      await page.waitForFunction("document.activeElement.closest('[data-floating-ui-inert]') === null");
    }
    await page.keyboard.press('Escape');
    await page.getByTestId('flow-filter-form').waitFor({ state: 'detached' });

    await panel.getByRole('button', { name: 'Panel menu' }).click();
    await page.getByRole('menu').first().waitFor();
    await look('menu', '[role="menu"]');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });

    await page.getByTestId('flow-monitoring').click();
    await page.getByTestId('flow-monitoring-actions').waitFor();
    await look('monitoring in the panel', '[data-testid="flow-monitoring-actions"]');
    await page.keyboard.press('Escape');
    await page.getByTestId('flow-monitoring-actions').waitFor({ state: 'detached' });

    await rail.press('/');
    await page.keyboard.type('no such checkpoint');
    await page.getByTestId('flow-no-match').waitFor();
    await look('search without a match');
    await page.getByTestId('flow-no-match').getByRole('button').click();
    await page.getByTestId('flow-no-match').waitFor({ state: 'detached' });

    await rail.press('c');
    await page.getByTestId('compare-row').nth(2).waitFor();
    await look('compare');
    expect(found).toEqual([]);
    expect(flows.errors).toEqual([]);
    await page.close();
  });

  it('has none when narrow with the list open, when small, when empty, and when the bridge refuses', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, theme, params: ALONE, width: 620, height: 800 });
    const { found, look } = collector(flows);
    await flows.untilLive();
    const { id, events } = timedFlow({ userId: user, startedTs: Date.now() - 3_000, tookMs: 1_200, steps: STEPS });
    await stack.emit(user, events);
    await flows.untilFlow(id);
    await flows.page.getByTestId('flow-list-toggle').click();
    await flows.page.getByTestId('flow-rail').waitFor();
    await look('narrow, list open');
    await flows.page.getByTestId('flow-list-toggle').click();
    await flows.resizePanel(300, 200);
    await look('small');
    await flows.page.goto(`${stack.previewUrl}/d/flow-live?var-user=nobody&viewPanel=panel-1&theme=${theme}`);
    await flows.page.getByTestId('flow-empty').waitFor();
    await look('empty');
    await flows.page.routeWebSocket(/\/ws\/flows/, (socket) => {
      socket.onMessage(() =>
        socket.send(JSON.stringify({ type: 'error', code: 'too_many_subscriptions', message: 'At most 128 users' })),
      );
      socket.send(JSON.stringify({ type: 'hello', protocol: 1, instance: 'b1' }));
    });
    await flows.page.reload();
    await flows.page.getByTestId('flow-empty').getByText('At most 128 users').waitFor();
    await look('error');
    expect(found).toEqual([]);
    await flows.page.close();
  });

  it('has none on the monitoring page', async () => {
    await stack.freshUser();
    const flows = await stack.open({ path: '/a/flowtracking-flows-app', theme });
    const { found, look } = collector(flows);
    await flows.page.getByTestId('monitoring-grant').first().waitFor();
    await look('monitoring', '[data-testid="monitoring-page"]');
    expect(found).toEqual([]);
    await flows.page.close();
  });
});

describe('what looks for violations', () => {
  it('finds one that is there', async () => {
    const flows = await stack.open({ path: '/a/flowtracking-flows-app' });
    await flows.page.getByTestId('monitoring-page').waitFor();
    await flows.page.evaluate(
      `document.querySelector('[data-testid="monitoring-page"]').insertAdjacentHTML('beforeend', '<button></button>')`,
    );
    expect(await seriousViolations(flows.page, '[data-testid="monitoring-page"]')).toEqual([
      expect.stringContaining('button-name'),
    ]);
    await flows.page.close();
  });
});
