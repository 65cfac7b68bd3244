import type { Flow, TimedCheckpoint } from '@flow-tracking/express';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { waitFor } from '../support/wait-for';

/** What the panel shows while nobody acts, and how it yields to who does. */

const stack = usePanelStack();
const VIEWS = ['Tree', 'Timeline', 'Outline'] as const;

/** A request whose model runs, with more finished steps below it than fit into a view. */
function startLong(user: string): { flow: Flow; thinking: TimedCheckpoint } {
  const flow = stack.startFlow(user);
  flow.checkpoint('auth_check');
  const thinking = flow.begin('llm_thinking');
  for (let i = 0; i < 60; i++) thinking.checkpoint(`step_${i}`);
  return { flow, thinking };
}
const LONG_NODES = 62;

/** Whether a checkpoint is drawn, and within what the view shows. */
async function isInSight({ page }: PanelPage, checkpoint: string): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const view = document.querySelector('[data-testid="flow-tree"]')?.getBoundingClientRect();
    const node = document.querySelector('[data-testid="flow-node"][data-checkpoint=${checkpoint}]')?.getBoundingClientRect();
    return view !== undefined && node !== undefined && node.top >= view.top && node.bottom <= view.bottom && node.left >= view.left && node.left < view.right;
  })()`);
}
const untilInSight = (flows: PanelPage, checkpoint: string): Promise<unknown> =>
  waitFor(`${checkpoint} is in sight`, () => isInSight(flows, checkpoint));

const untilPressed = (page: Page, pressed: boolean): Promise<void> =>
  page.locator(`[data-testid="flow-follow"][aria-pressed="${pressed}"]`).waitFor();

describe('a panel that nobody touches', () => {
  it('shows the newest flow, also one that failed after 15 ms while another one runs', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: ALONE });
    await flows.untilLive();
    const long = stack.startFlow(user);
    const thinking = long.begin('llm_thinking');
    await flows.untilFlow(long.id);
    const short = stack.startFlow(user, { name: 'POST /refund' });
    const check = short.begin('auth_check');
    await delay(15);
    check.fail(new Error('token expired'));
    short.fail(new Error('token expired'));
    short.end('error');
    await flows.untilFlow(short.id);
    await flows.node('auth_check', 'error').waitFor();
    await flows.page.getByTestId('flow-first-failure').getByText('token expired').waitFor();
    await flows.page
      .locator(`[data-testid="flow-list-item"][data-flow-id="${short.id}"][data-status="error"]`)
      .waitFor();
    // What the other one does changes nothing.
    thinking.checkpoint('tool_call');
    await flows.page.locator(`[data-flow-id="${long.id}"]`).getByText('running · llm_thinking').waitFor();
    thinking.end();
    long.end();
    await flows.page.locator(`[data-testid="flow-list-item"][data-flow-id="${long.id}"][data-status="ok"]`).waitFor();
    expect(await flows.panel.getAttribute('data-flow')).toBe(short.id);
    await untilPressed(flows.page, true);
    await flows.shot('following-failed');
    const next = stack.startFlow(user);
    await flows.untilFlow(next.id);
    next.end();
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });

  it.each(VIEWS)('keeps the newest child of a running parent in sight: %s', async (view) => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: { ...ALONE, 'fp-1-view': view.toLowerCase() } });
    await flows.untilLive();
    const { flow, thinking } = startLong(user);
    await flows.untilFlow(flow.id);
    await flows.untilNodes(LONG_NODES);
    await untilInSight(flows, 'step_59');
    expect(await isInSight(flows, 'auth_check')).toBe(false);
    // A step that is over tells less than what the running one does.
    flow.checkpoint('usage_check');
    const tool = thinking.begin('tool_call');
    await untilInSight(flows, 'tool_call');
    tool.checkpoint('sent');
    await untilInSight(flows, 'sent');
    await flows.shot(`following-${view.toLowerCase()}`);
    tool.end();
    thinking.checkpoint('step_60');
    await untilInSight(flows, 'step_60');
    await untilPressed(flows.page, true);
    thinking.end();
    flow.end();
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });

  it.each(VIEWS)('shows a flow that had ended from its beginning: %s', async (view) => {
    const user = await stack.freshUser();
    const { flow, thinking } = startLong(user);
    thinking.end();
    flow.end();
    await stack.untilStored();
    const flows = await stack.open({ user, params: { ...ALONE, 'fp-1-view': view.toLowerCase() } });
    await flows.untilFlow(flow.id);
    await flows.untilNodes(LONG_NODES);
    await untilInSight(flows, 'auth_check');
    await untilPressed(flows.page, true);
    await flows.page.close();
  });
});

type Act = readonly [name: string, act: (page: Page) => Promise<void>];

/** Where the mouse is over the view, and not over its buttons or its map. */
async function overView(page: Page): Promise<{ x: number; y: number }> {
  const view = await page.getByTestId('flow-tree').boundingBox();
  if (view === null) throw new Error('There is no view.');
  const at = { x: view.x + view.width / 2, y: view.y + view.height / 2 };
  await page.mouse.move(at.x, at.y);
  return at;
}
const wheel: Act = [
  'the wheel',
  async (page) => {
    await overView(page);
    await page.mouse.wheel(0, -150);
  },
];
const zoom: Act = [
  'a zoom',
  async (page) => {
    await overView(page);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -150);
    await page.keyboard.up('Control');
  },
];
const arrow: Act = [
  'an arrow key',
  async (page) => {
    await page.locator('[data-testid="flow-node"][tabindex="0"]').focus();
    await page.keyboard.press('ArrowUp');
  },
];
const select: Act = ['a click on a checkpoint', (page) => page.locator('[data-checkpoint="step_58"]').click()];
const collapse: Act = [
  'a key that collapses',
  async (page) => {
    await page.locator('[data-testid="flow-node"][tabindex="0"]').focus();
    await page.keyboard.press('0');
  },
];
const pick: Act = ['a flow in the list', (page) => page.getByTestId('flow-list-item').nth(1).click()];
const drag: Act = [
  'a drag',
  async (page) => {
    const { x, y } = await overView(page);
    await page.mouse.down();
    await page.mouse.move(x + 30, y + 40, { steps: 3 });
    await page.mouse.up();
  },
];
const map: Act = [
  'a press on the map',
  async (page) => {
    const box = await page.getByTestId('flow-minimap').boundingBox();
    if (box === null) throw new Error('There is no map.');
    await page.mouse.click(box.x + box.width / 2, box.y + 6);
  },
];
const brush: Act = [
  'a range of time',
  async (page) => {
    const axis = await page.getByTestId('time-axis').boundingBox();
    if (axis === null) throw new Error('There is no axis.');
    await page.mouse.move(axis.x + 20, axis.y + 5);
    await page.mouse.down();
    await page.mouse.move(axis.x + 120, axis.y + 5, { steps: 3 });
    await page.mouse.up();
  },
];
const fit: Act = ['the button that fits', (page) => page.getByRole('button', { name: 'Fit (F)' }).click()];

describe('a panel that follows', () => {
  it.each([
    ['Tree', [wheel, zoom, drag, map, fit, arrow, select, collapse, pick]],
    ['Timeline', [wheel, zoom, brush, arrow, select, collapse, pick]],
    ['Outline', [wheel, arrow, select, collapse, pick]],
  ] as const)('yields to whatever a person does, and comes back by a key or a click: %s', async (view, acts) => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: { ...ALONE, 'fp-1-view': view.toLowerCase() } });
    const { page, panel } = flows;
    await flows.untilLive();
    startLong(user).flow.end();
    let { flow } = startLong(user);
    await flows.untilFlow(flow.id);
    await flows.untilNodes(LONG_NODES);
    const wrong: string[] = [];
    for (const [i, [name, act]] of acts.entries()) {
      await untilPressed(page, true);
      await untilInSight(flows, 'step_59');
      await act(page);
      await waitFor(
        `${name} ends following`,
        async () => (await page.getByTestId('flow-follow').getAttribute('aria-pressed')) === 'false',
      );
      const shown = await panel.getAttribute('data-flow');
      if ((shown === flow.id) === (act === pick[1])) wrong.push(`${name} shows ${shown}`);
      const next = startLong(user).flow;
      await page.locator(`[data-testid="flow-list-item"][data-flow-id="${next.id}"]`).waitFor();
      if ((await panel.getAttribute('data-flow')) !== shown) wrong.push(`${name} does not hold`);
      flow.end();
      flow = next;
      if (i % 2 === 0) await page.getByTestId('flow-rail').press('l');
      else await page.getByTestId('flow-follow').click();
      await flows.untilFlow(next.id);
      await flows.untilNodes(LONG_NODES);
    }
    flow.end();
    expect(wrong).toEqual([]);
    expect(flows.errors).toEqual([]);
    await page.close();
  });
});
