import type { Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { ALONE, usePanelStack } from '../support/panel-stack';

const stack = usePanelStack();

/** A flow of ten checkpoints: two searches of which one fails, a refund below another step, and more. */
async function openFlow(options: { theme?: 'dark' | 'light'; width?: number; height?: number } = {}) {
  const user = await stack.freshUser();
  const flows = await stack.open({ user, params: ALONE, ...options });
  await flows.untilLive();
  const flow = stack.startFlow(user);
  flow.checkpoint('auth_check', { status: 'passed' });
  const thinking = flow.begin('llm_thinking', { 'gen_ai.request.model': 'gpt-4o' });
  for (const city of ['Graz', 'Linz']) {
    const tool = thinking.begin('tool_call', { 'gen_ai.tool.name': 'search', args: { where: { city } } });
    if (city === 'Graz') tool.fail(new Error('mailbox unavailable'));
    else tool.end();
  }
  thinking.end();
  const second = flow.begin('llm_thinking', { 'gen_ai.request.model': 'gpt-4o-mini' });
  const plan = second.begin('plan');
  plan.begin('tool_call', { 'gen_ai.tool.name': 'refund' }).end();
  plan.end();
  second.end();
  flow.checkpoint('llm_complete');
  flow.end();
  await flows.untilFlow(flow.id);
  await flows.untilNodes(8);
  await flows.page
    .locator('[data-testid="flow-list-item"][data-status="ok"], [data-testid="flow-header"]')
    .first()
    .waitFor();
  return { flows, flow, user };
}

const count = (page: Page) => page.getByTestId('flow-match-count');
const told = (page: Page, text: string) => count(page).getByText(text, { exact: true }).waitFor();
/** The attribute of what has the focus. */
const focused = (page: Page, name: string) =>
  page.evaluate(`document.activeElement?.getAttribute(${JSON.stringify(name)}) ?? null`);
const focusOn = (page: Page, selector: string) =>
  page.waitForFunction(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`);

/** Presses Tab until a checkpoint has the focus. */
async function tabToView({ page }: PanelPage): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if ((await focused(page, 'data-testid')) === 'flow-node') return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The Tab key does not lead to a checkpoint.');
}

describe('finding checkpoints, by keyboard alone', () => {
  it('searches, steps, and opens what is collapsed above a match, in every view', async () => {
    const { flows } = await openFlow();
    const { page, errors } = flows;
    for (const view of ['Tree', 'Timeline', 'Outline'] as const) {
      await flows.view(view);
      await tabToView(flows);
      await page.keyboard.press('0');
      await page.locator('[data-checkpoint="plan"]').waitFor({ state: 'detached' });
      await page.keyboard.press('/');
      await focusOn(page, '[aria-label="Search checkpoints"]');
      await page.keyboard.type('tool:REFUND');
      await told(page, '1 match');
      await page.keyboard.press('Enter');
      await told(page, '1 of 1');
      await page.locator('[data-checkpoint="tool_call"][aria-selected="true"][data-match="true"]').waitFor();
      expect(await focused(page, 'aria-label')).toBe('Search checkpoints');

      await page.keyboard.press('Control+a');
      await page.keyboard.type('tool_call');
      await told(page, '3 of 3');
      await page.keyboard.press('Enter');
      await told(page, '1 of 3');
      await page.keyboard.press('Shift+Enter');
      await told(page, '3 of 3');
      await page.keyboard.press('ArrowDown');
      await focusOn(page, '[data-checkpoint="tool_call"][aria-selected="true"]');
      await page.keyboard.press('N');
      await told(page, '2 of 3');
      // The focus goes along.
      await focusOn(page, '[data-checkpoint="tool_call"][aria-selected="true"]');
      await page.keyboard.press('n');
      await told(page, '3 of 3');
      expect(await page.locator('[data-checkpoint="auth_check"]').getAttribute('data-match')).toBe('false');
      await flows.shot(`finding-search-${view.toLowerCase()}`);

      await page.keyboard.press('/');
      await page.keyboard.press('Escape');
      expect(await page.getByLabel('Search checkpoints').inputValue()).toBe('');
      await page.keyboard.press('Escape');
      await focusOn(page, '[data-testid="flow-node"]');
      await page.getByTestId('flow-search').waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      await page.getByTestId('flow-node-details').waitFor({ state: 'detached' });
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  it('says when nothing matches, and clears', async () => {
    const { flows } = await openFlow({ theme: 'light' });
    const { page, errors } = flows;
    await tabToView(flows);
    await page.keyboard.press('/');
    await page.keyboard.type('no such thing');
    await told(page, 'No match');
    const bar = page.getByTestId('flow-no-match');
    await bar.getByText('No checkpoint matches.').waitFor();
    await flows.shot('finding-no-match-light');
    await bar.getByRole('button').press('Enter');
    await bar.waitFor({ state: 'detached' });
    expect(await page.locator('[data-match]').count()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('filters by checkpoint, status and duration, and says what is no duration', async () => {
    const { flows } = await openFlow();
    const { page, errors } = flows;
    await tabToView(flows);
    await page.keyboard.press('F');
    const form = page.getByTestId('flow-filter-form');
    await form.waitFor();
    await form.getByRole('button', { name: /^tool_call\s*3$/ }).press('Enter');
    await page.locator('[data-checkpoint="auth_check"][data-match="false"]').waitFor();
    await form.getByRole('button', { name: /^failed/ }).press('Enter');
    await page.locator('[data-testid="flow-node"][data-match="true"]').waitFor();
    expect(await page.locator('[data-testid="flow-node"][data-match="true"]').count()).toBe(1);
    const shortest = form.getByLabel('Shortest duration');
    await shortest.fill('soon');
    await form.getByText(/is no duration/).waitFor();
    await flows.shot('finding-filter');
    await shortest.fill('10m');
    await page.getByTestId('flow-no-match').waitFor();
    await form.getByRole('button', { name: 'Reset filters' }).press('Enter');
    await page.getByTestId('flow-no-match').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
    await page.close();
  });

  it('expands to a level and failures only, and says so', async () => {
    const { flows } = await openFlow();
    const { page, errors } = flows;
    const button = page.getByTestId('flow-failures-only');
    for (const view of ['Tree', 'Outline'] as const) {
      await flows.view(view);
      await tabToView(flows);
      await page.keyboard.press('x');
      await page.locator('[data-testid="flow-failures-only"][aria-pressed="true"]').waitFor();
      await page.locator('[data-checkpoint="plan"]').waitFor({ state: 'detached' });
      await flows.node('tool_call', 'error').waitFor();
      await page.keyboard.press('1');
      await page.getByTestId('flow-level').getByText('Level 1').waitFor();
      await flows.node('plan').waitFor();
      expect(await page.locator('[data-checkpoint="tool_call"]').count()).toBe(2);
      expect(await button.getAttribute('aria-pressed')).toBe('false');
      await page.keyboard.press('*');
      await page.getByTestId('flow-level').getByText('Level', { exact: true }).waitFor();
      // From failure to failure the focus goes along.
      await page.keyboard.press('e');
      await focusOn(page, '[data-status="error"][aria-selected="true"]');
      await page.keyboard.press('Escape');
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  it('lists all keys by ?, and gives the focus back', async () => {
    const { flows } = await openFlow();
    const { page, errors } = flows;
    await tabToView(flows);
    await page.keyboard.press('?');
    const help = page.getByTestId('flow-key-help');
    await help.getByText('Search the checkpoints of the flow').waitFor();
    await flows.shot('finding-help');
    // Keys mean nothing behind it.
    await page.keyboard.press('0');
    await page.setViewportSize({ width: 300, height: 200 });
    await help.getByText('Show these shortcuts').scrollIntoViewIfNeeded();
    await flows.shot('finding-help-small');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await focusOn(page, '[data-testid="flow-node"]');
    await page.locator('[data-checkpoint="plan"]').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('keeps the focus in the view from flow to flow', async () => {
    const { flows, flow, user } = await openFlow();
    const { page } = flows;
    const later = stack.startFlow(user);
    later.checkpoint('auth_check');
    later.end();
    await flows.untilFlow(later.id);
    await tabToView(flows);
    await page.keyboard.press(']');
    await flows.untilFlow(flow.id);
    await focusOn(page, '[data-testid="flow-node"]');
    await page.keyboard.press('[');
    await flows.untilFlow(later.id);
    await page.close();
  });
});

describe('the header', () => {
  it('has the search, levels and failures in its menu when it is small', async () => {
    const { flows } = await openFlow();
    const { page, errors } = flows;
    await flows.resizePanel(300, 200);
    await flows.shot('finding-small');
    await page.getByRole('button', { name: 'Panel menu' }).click();
    await page.getByRole('menuitem', { name: /Keyboard shortcuts/ }).waitFor();
    await flows.shot('finding-small-menu');
    await page.getByRole('menuitem', { name: /^Search/ }).click();
    await focusOn(page, '[aria-label="Search checkpoints"]');
    await page.keyboard.type('refund');
    await told(page, '1 match');
    await flows.shot('finding-small-search');
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('the address of the page', () => {
  it('is taken in when the browser goes back and forward', async () => {
    const { flows, flow } = await openFlow();
    const { page } = flows;
    await flows.node('llm_complete').click();
    await page.waitForURL((url) => url.searchParams.has('fp-1-node'));
    const selected = await page.locator('[aria-selected="true"][data-testid="flow-node"]').getAttribute('data-node-id');
    // As a link of a dashboard does.
    const search = new URL(page.url());
    search.searchParams.set('fp-1-view', 'outline');
    search.searchParams.set('fp-1-node', selected === '2' ? '3' : '2');
    await page.evaluate(`history.pushState(null, '', ${JSON.stringify(search.href)})`);
    await page.evaluate('history.pushState(null, "", location.href)');
    await page.goBack();
    await page.locator('[data-testid="flow-panel"][data-view="outline"]').waitFor();
    expect(await flows.panel.getAttribute('data-flow')).toBe(flow.id);
    await page.goBack();
    await page.locator(`[data-node-id="${selected}"][aria-selected="true"]`).waitFor();
    await page.locator('[data-testid="flow-panel"][data-view="tree"]').waitFor();
    await page.close();
  });
});
