import { ALONE, usePanelStack } from '../support/panel-stack';

const stack = usePanelStack();

describe('the flow panel', () => {
  it('draws a flow in each view while it runs, and after', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: ALONE });
    const { page, errors } = flows;
    await flows.untilLive();
    const react = await page.evaluate('previewVendor.react.version');
    expect(react).toMatch(process.env['FLOW_PREVIEW_GRAFANA'] === '12' ? /^18\./ : /^19\./);
    const flow = stack.startFlow(user);
    flow.checkpoint('auth_check');
    const thinking = flow.begin('llm_thinking');
    thinking.begin('tool_call').fail(new Error('search took too long'));
    await flows.untilFlow(flow.id);
    await flows.untilNodes(3);
    for (const name of ['Timeline', 'Outline', 'Tree'] as const) {
      await flows.view(name);
      await flows.node('llm_thinking', 'running').waitFor();
      await flows.node('tool_call', 'error').waitFor();
      await flows.shot(`smoke-${name.toLowerCase()}`);
    }
    thinking.end();
    flow.end();
    await flows.node('llm_thinking', 'ok').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });
});
