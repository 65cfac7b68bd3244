import type { Flow } from '@flow-tracking/express';
import type { Locator, Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { ALONE, usePanelStack } from '../support/panel-stack';

const stack = usePanelStack();
const LOOKUP = { 'gen_ai.tool.name': 'lookup' };

const groupIn = ({ page }: PanelPage, count = 40): Locator =>
  page.locator(`[data-testid="flow-node"][data-group="${count}"]`);
const tools = ({ page }: PanelPage): Locator => page.locator('[data-testid="flow-node"][data-checkpoint="tool_call"]');
const untilTools = (page: Page, count: number): Promise<unknown> =>
  page.waitForFunction(
    `document.querySelectorAll('[data-testid="flow-node"][data-checkpoint="tool_call"]').length === ${count}`,
  );

/** A model that calls 40 tools at once, of which 3 fail and 3 still run. */
function askManyTools(user: string): { flow: Flow; finish: () => void } {
  const flow = stack.startFlow(user);
  flow.checkpoint('auth_check');
  const thinking = flow.begin('llm_thinking', { 'gen_ai.request.model': 'gpt-4o' });
  const calls = Array.from({ length: 40 }, () => thinking.begin('tool_call', LOOKUP));
  for (const call of calls.slice(0, 3)) call.fail(new Error('SMTP 550'));
  for (const call of calls.slice(3, 37)) call.end();
  return {
    flow,
    finish() {
      for (const call of calls.slice(37)) call.end();
      thinking.end();
      flow.checkpoint('llm_complete');
      flow.end();
    },
  };
}

describe('many equal siblings', () => {
  it('are one card and one row, which says how many run, failed, and how long they took', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: ALONE });
    await flows.untilLive();
    const { flow, finish } = askManyTools(user);
    await flows.untilFlow(flow.id);
    await flows.untilNodes(42);
    for (const name of ['Timeline', 'Outline', 'Tree'] as const) {
      await flows.view(name);
      await groupIn(flows).waitFor();
      await untilTools(flows.page, 1);
      expect(await groupIn(flows).getAttribute('aria-label')).toMatch(
        /^40 times tool_call, lookup, 37 done, 3 running, 3 failed, median .+, longest .+, folded into one$/,
      );
      expect(await groupIn(flows).getAttribute('data-status')).toBe('running');
      await flows.shot(`fold-running-${name.toLowerCase()}`);
    }
    finish();
    await flows.node('llm_complete', 'ok').waitFor();
    await flows.page.locator('[data-group="40"][data-status="error"]').waitFor();
    expect(await groupIn(flows).getAttribute('aria-label')).toMatch(/lookup, 3 failed, median/);
    expect(await flows.panel.getAttribute('data-nodes')).toBe('43');
    for (const name of ['Timeline', 'Outline', 'Tree'] as const) {
      await flows.view(name);
      await flows.shot(`fold-ended-${name.toLowerCase()}`);
    }
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });

  it('open by a click or a key and close again, in every view alike', async () => {
    const user = await stack.freshUser();
    const { flow, finish } = askManyTools(user);
    finish();
    const flows = await stack.open({ user, params: ALONE });
    await flows.untilFlow(flow.id);
    await groupIn(flows).click();
    await untilTools(flows.page, 40);
    await flows.shot('fold-opened-tree');
    expect(await groupIn(flows).count()).toBe(0);
    await flows.view('Timeline');
    await flows.page.locator('[data-fold]').waitFor();
    await flows.shot('fold-opened-timeline');
    await flows.node('auth_check').press('ArrowDown');
    await flows.page.keyboard.press('ArrowDown');
    await flows.page.locator('[data-checkpoint="tool_call"]:focus').waitFor();
    await flows.page.keyboard.press('ArrowLeft');
    await groupIn(flows).waitFor();
    await groupIn(flows).press('ArrowRight');
    // Only the rows in sight stand in the page.
    await flows.page
      .locator(`[role="treegrid"][aria-rowcount="${await flows.panel.getAttribute('data-nodes')}"]`)
      .waitFor();
    await tools(flows).nth(4).click();
    await flows.page.locator('[data-checkpoint="tool_call"][aria-selected="true"]').waitFor();
    await flows.page.locator('[data-fold]').click();
    await untilTools(flows.page, 1);
    await flows.view('Tree');
    await groupIn(flows).press('Enter');
    await untilTools(flows.page, 40);
    await tools(flows).first().press('ArrowLeft');
    await untilTools(flows.page, 1);
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });

  it('open by themselves for a failure that a key leads to, and stay open', async () => {
    const user = await stack.freshUser();
    const { flow, finish } = askManyTools(user);
    finish();
    const flows = await stack.open({ user, params: ALONE });
    await flows.untilFlow(flow.id);
    await groupIn(flows).waitFor();
    await flows.node('auth_check').press('e');
    await untilTools(flows.page, 40);
    await flows.page.locator('[data-checkpoint="tool_call"][data-status="error"][aria-selected="true"]').waitFor();
    await flows.node('auth_check').click();
    await flows.page.locator('[data-checkpoint="auth_check"][aria-selected="true"]').waitFor();
    await untilTools(flows.page, 40);
    await flows.page.close();
  });

  it('stand apart where the menu says so', async () => {
    const user = await stack.freshUser();
    const { flow, finish } = askManyTools(user);
    finish();
    const flows = await stack.open({ user, params: ALONE, theme: 'light' });
    await flows.untilFlow(flow.id);
    await groupIn(flows).waitFor();
    await flows.shot('fold-ended-light');
    await flows.page.getByRole('button', { name: 'Panel menu' }).click();
    await flows.page.getByRole('menuitem', { name: 'Show all equal siblings' }).click();
    await untilTools(flows.page, 40);
    await flows.page.close();
  });
});

describe('the tree', () => {
  it('goes down where the menu says so: what follows stands below, what belongs to a node at its right', async () => {
    const user = await stack.freshUser();
    const { flow, finish } = askManyTools(user);
    finish();
    const flows = await stack.open({ user, params: { ...ALONE, theme: 'light' }, theme: 'light' });
    await flows.untilFlow(flow.id);
    await flows.page.getByRole('button', { name: 'Panel menu' }).click();
    await flows.page.getByRole('menuitemradio', { name: 'Top-down' }).click();
    await flows.page.getByRole('menu').waitFor({ state: 'detached' });
    const boxOf = async (checkpoint: string) =>
      (await flows.node(checkpoint).boundingBox()) ?? { x: 0, y: 0, width: 0 };
    const [auth, thinking, tool, complete] = await Promise.all(
      ['auth_check', 'llm_thinking', 'tool_call', 'llm_complete'].map(boxOf),
    );
    expect(thinking?.y).toBeGreaterThan(auth?.y ?? Infinity);
    expect(complete?.y).toBeGreaterThan(tool?.y ?? Infinity);
    expect(thinking?.x).toBe(auth?.x);
    expect(tool?.x).toBeGreaterThan((thinking?.x ?? Infinity) + (thinking?.width ?? 0));
    await flows.shot('top-down-light');
    await flows.node('auth_check').press('ArrowDown');
    await flows.page.locator('[data-checkpoint="llm_thinking"]:focus').waitFor();
    await flows.page.keyboard.press('ArrowRight');
    await flows.page.locator('[data-checkpoint="tool_call"]:focus').waitFor();
    await flows.page.keyboard.press('ArrowRight');
    await untilTools(flows.page, 40);
    await flows.shot('top-down-opened-light');
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });
});
