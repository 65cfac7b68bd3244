import type { Locator, Page } from 'playwright-core';
import { chatFlow } from '../support/flow-events';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { timedFlow, type TimedStep } from '../support/timed-flow';
import { waitFor } from '../support/wait-for';

/** All of this is done without a mouse: nothing here clicks. */

const stack = usePanelStack();

/**
 * A check, and a model that calls a tool that fails and twelve equal ones, which are folded into one. A second lies between any two, so
 * that a replay, which passes over longer pauses, goes on for as long as a busy machine may take to look at it.
 */
const WITH_EQUALS: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 0, tookMs: 30 },
  { checkpoint: 'llm_thinking', atMs: 100, tookMs: 13_000 },
  { checkpoint: 'tool_call', atMs: 200, tookMs: 400, below: 1, tool: 'search', error: 'search took too long' },
  ...Array.from({ length: 12 }, (_, i) => ({
    checkpoint: 'tool_call',
    atMs: 1_000 * (i + 1),
    tookMs: 100,
    below: 1,
    tool: 'lookup',
  })),
];

interface FocusedElement {
  getAttribute(name: string): string | null;
  closest(selector: string): FocusedElement | null;
  readonly textContent: string | null;
}
declare const document: { readonly activeElement: FocusedElement | null };

/** The focused element, as one would look for it: its test id, else its name; and whether it is in the panel. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const name = element?.getAttribute('data-testid') ?? element?.getAttribute('aria-label') ?? element?.textContent;
    return { name: name ?? '', inPanel: Boolean(element?.closest('[data-testid="flow-panel"]')) };
  });

const hasFocus = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => element === document.activeElement);

/** The view at the right of another one in the header. */
const NEXT = { tree: 'timeline', timeline: 'outline' } as const;

/** Presses Tab from the page's top until the focus has left the panel; what it stopped at within. */
async function tabStops(page: Page): Promise<string[]> {
  const stops: string[] = [];
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('Tab');
    const { name, inPanel } = await focused(page);
    if (inPanel) stops.push(name);
    else if (stops.length > 0) return stops;
  }
  throw new Error(`The focus never left the panel: ${stops.join(', ')}`);
}

/** Presses Tab until that is focused. */
async function tabTo(page: Page, name: string, { back = false } = {}): Promise<void> {
  const passed: string[] = [];
  for (let i = 0; i < 80; i++) {
    const at = await focused(page);
    if (at.name === name && at.inPanel) return;
    passed.push(at.name);
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  throw new Error(`No Tab leads to ${name}; it passed ${passed.join(', ')}`);
}

describe('the panel by keyboard alone', () => {
  it('has one tab stop for the flows and one for each view', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: ALONE });
    await flows.untilLive();
    await stack.emit(user, chatFlow({ userId: user }));
    await flows.untilNodes(3);
    const { page } = flows;
    for (const view of ['tree', 'timeline', 'outline'] as const) {
      const stops = await tabStops(page);
      expect(stops.filter((stop) => stop === 'flow-rail')).toHaveLength(1);
      expect(stops.filter((stop) => stop === 'flow-node')).toHaveLength(1);
      if (view === 'outline') break;
      await page.keyboard.press('Shift+Tab');
      const radio = page.getByRole('radiogroup', { name: 'View' }).locator('input:checked');
      for (let i = 0; i < 80 && !(await hasFocus(radio)); i++) {
        await page.keyboard.press('Shift+Tab');
      }
      await page.keyboard.press('ArrowRight');
      await page.locator(`[data-testid="flow-panel"]:not([data-view="${view}"])`).waitFor();
      await page.waitForURL((url) => url.searchParams.get('fp-1-view') === NEXT[view]);
      await page.reload();
      await flows.untilNodes(3);
    }
    expect(await flows.panel.getAttribute('data-view')).toBe('outline');
    expect(flows.errors).toEqual([]);
    await page.close();
  });

  it('leads from flow to flow, to a failure and its details, and back', async () => {
    const user = await stack.freshUser();
    const [older, newer] = [chatFlow({ userId: user, startedTs: Date.now() - 5_000 }), chatFlow({ userId: user })];
    const flows = await stack.open({ user, params: ALONE });
    const { page } = flows;
    await flows.untilLive();
    for (const events of [older, newer]) await stack.emit(user, events);
    await flows.untilFlow(newer[0]!.flow_id);
    await flows.untilNodes(3);

    await tabTo(page, 'flow-rail');
    await page.keyboard.press('ArrowDown');
    await flows.untilFlow(older[0]!.flow_id);
    await page.keyboard.press('[');
    await flows.untilFlow(newer[0]!.flow_id);
    await page.keyboard.press(']');
    await flows.untilFlow(older[0]!.flow_id);

    await tabTo(page, 'flow-node');
    await page.keyboard.press('e');
    const details = page.getByTestId('flow-node-details');
    await details.getByText('search took too long').first().waitFor();
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    await waitFor('the focus is back on the node', async () => (await focused(page)).name === 'flow-node');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await details.getByText('auth_check').first().waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('0');
    await flows.node('tool_call').waitFor({ state: 'detached' });
    await page.keyboard.press('*');
    await flows.node('tool_call').waitFor();

    await page.keyboard.press('l');
    await flows.untilFlow(newer[0]!.flow_id);
    const follow = page.getByTestId('flow-follow');
    await tabTo(page, 'flow-follow', { back: true });
    expect(await follow.getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('Space');
    await page.locator('[data-testid="flow-follow"][aria-pressed="false"]').waitFor();
    expect(flows.errors).toEqual([]);
    await page.close();
  });

  it('folds, searches, filters, helps, replays and compares, and gives the focus back each time', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: { ...ALONE, 'fp-1-view': 'outline' } });
    const { page } = flows;
    await flows.untilLive();
    const [other, shown] = [40_000, 20_000].map((ago) =>
      timedFlow({ userId: user, startedTs: Date.now() - ago, tookMs: 13_200, steps: WITH_EQUALS }),
    );
    for (const { events } of [other!, shown!]) await stack.emit(user, events);
    await flows.untilFlow(shown!.id);
    await flows.untilNodes(WITH_EQUALS.length);
    const onNode = (what: string): Promise<true> =>
      waitFor(`the focus on a node ${what}`, async () => (await focused(page)).name === 'flow-node');
    const closed = (testId: string): Promise<void> => page.getByTestId(testId).waitFor({ state: 'detached' });

    await tabTo(page, 'flow-node');
    await page.keyboard.press('Home');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
    await page.locator('[data-group="12"]:focus').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-checkpoint="tool_call"]').nth(8).waitFor();
    await onNode('of an opened group');
    await page.keyboard.press('ArrowLeft');
    await page.locator('[data-group="12"]:focus').waitFor();

    await page.keyboard.press('E');
    await page.getByTestId('flow-node-details').getByText('search took too long').first().waitFor();
    await page.keyboard.press('Escape');
    await closed('flow-node-details');
    await onNode('whose details are closed');

    await page.keyboard.press('/');
    await page.locator('[aria-label="Search checkpoints"]:focus').waitFor();
    await page.keyboard.type('auth_check');
    await page.getByTestId('flow-match-count').getByText('1 match', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await closed('flow-search');
    await onNode('after the search');

    await page.keyboard.press('F');
    const form = page.getByTestId('flow-filter-form');
    await form.waitFor();
    const failedOnly = form.getByRole('button', { name: /^failed/ });
    for (let i = 0; i < 20 && !(await hasFocus(failedOnly)); i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.locator('[data-checkpoint="auth_check"][data-match="false"]').waitFor();
    await page.keyboard.press('Space');
    await page.locator('[data-checkpoint="auth_check"]:not([data-match])').waitFor();
    await page.keyboard.press('Escape');
    await closed('flow-filter-form');
    await waitFor('the focus is in the panel', async () => (await focused(page)).inPanel);

    await tabTo(page, 'flow-node');
    await page.keyboard.press('?');
    await page.getByTestId('flow-key-help').waitFor();
    await page.keyboard.press('Escape');
    await closed('flow-key-help');
    await onNode('after the help');

    await page.keyboard.press('p');
    await page.locator('[data-testid="flow-panel"][data-replay="playing"]').waitFor();
    await page.locator('[data-testid="replay-play"]:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-testid="flow-panel"][data-replay="off"]').waitFor();
    await onNode('after the replay');

    await page.keyboard.press('c');
    await page.locator('[data-testid="compare-row"]:focus').waitFor();
    await page.keyboard.press('Escape');
    await closed('flow-compare');
    await onNode('after the comparison');

    await tabTo(page, 'Panel menu', { back: true });
    await page.keyboard.press('Enter');
    const replay = page.getByRole('menuitem', { name: /^Replay/ });
    await replay.waitFor();
    for (let i = 0; i < 20 && !(await hasFocus(replay)); i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="replay-play"]:focus').waitFor();
    await page.keyboard.press('Escape');
    await onNode('after the replay that the menu began');
    expect(flows.errors).toEqual([]);
    await page.close();
  });

  it('opens the list and the menu of a small panel', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: ALONE });
    const { page } = flows;
    await flows.untilLive();
    await stack.emit(user, chatFlow({ userId: user }));
    await flows.untilNodes(3);
    await flows.resizePanel(450, 300);
    await tabTo(page, 'flow-list-toggle');
    await page.keyboard.press('Enter');
    await page.getByTestId('flow-rail').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('flow-rail').waitFor({ state: 'detached' });
    await tabTo(page, 'Panel menu');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemradio', { name: 'Timeline' }).waitFor();
    const timeline = page.getByRole('menuitemradio', { name: 'Timeline' });
    for (let i = 0; i < 10 && !(await hasFocus(timeline)); i++) {
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="flow-panel"][data-view="timeline"]').waitFor();
    expect(flows.errors).toEqual([]);
    await page.close();
  });
});
