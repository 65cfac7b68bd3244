import { chatFlow } from '../support/flow-events';
import { seriousViolations } from '../support/axe';
import { ALONE, usePanelStack, type PanelPage } from '../support/panel-page';

const stack = usePanelStack();
const PANEL = '[data-testid="flow-panel"]';
const VIEWS = ['Tree', 'Timeline', 'Outline'] as const;
const THEMES = ['dark', 'light'] as const;

/** Everything axe finds, each with what was looked at, so that one run tells all of it. */
function collector(flows: PanelPage) {
  const found: string[] = [];
  return {
    found,
    async look(what: string, selector = PANEL): Promise<void> {
      for (const violation of await seriousViolations(flows.page, selector)) found.push(`${what}: ${violation}`);
    },
  };
}

describe.each(THEMES)('the panel in the %s theme', (theme) => {
  it('has no serious violation in any view, running, failed and with details', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, theme, params: ALONE });
    const { found, look } = collector(flows);
    await flows.untilLive();
    const flow = stack.startFlow(user);
    flow.checkpoint('auth_check');
    const thinking = flow.begin('llm_thinking', { 'gen_ai.request.model': 'sim-1' });
    thinking.begin('tool_call', { 'gen_ai.tool.name': 'search' }).fail(new Error('search took too long'));
    await flows.untilFlow(flow.id);
    await flows.untilNodes(3);
    for (const view of VIEWS) {
      await flows.view(view);
      await flows.node('tool_call', 'error').waitFor();
      await look(`${view}, running`);
    }
    thinking.end({ 'gen_ai.usage.output_tokens': 812 });
    flow.fail(new Error('The answer is cut off'));
    flow.end();
    for (const view of VIEWS) {
      await flows.view(view);
      await flows.node('llm_thinking', 'ok').waitFor();
      await look(`${view}, failed`);
      await flows.node('tool_call', 'error').click();
      await flows.page.getByTestId('flow-node-details').waitFor();
      await look(`${view}, details`);
      await flows.page.keyboard.press('Escape');
    }
    expect(found).toEqual([]);
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  }, 180_000);

  it('has none when narrow with the list open, when empty, and when the bridge refuses', async () => {
    const user = await stack.freshUser();
    await stack.emit(user, chatFlow({ userId: user }));
    await stack.untilStored();
    const flows = await stack.open({ user, theme, params: ALONE, width: 620, height: 800 });
    const { found, look } = collector(flows);
    await flows.untilLive();
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
  }, 180_000);

  it('has none on the monitoring page', async () => {
    await stack.freshUser();
    const flows = await stack.open({ path: '/a/flowtracking-flows-app', theme });
    const { found, look } = collector(flows);
    await flows.page.getByTestId('monitoring-grant').first().waitFor();
    await look('monitoring', '[data-testid="monitoring-page"]');
    expect(found).toEqual([]);
    await flows.page.close();
  }, 120_000);
});
