import type { FlowEvent } from '@flow-tracking/protocol';
import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { panelDashboard } from '../support/panel-dashboard';
import { usePanelStack, type OpenOptions } from '../support/panel-stack';
import type { PanelPage } from '../support/panel-page';
import { timedFlow, type TimedStep } from '../support/timed-flow';
import { waitFor } from '../support/wait-for';

/** What can be read off a flow at a glance. */

const steps = (mode: 'absolute' | 'percentage') => ({
  mode,
  steps: [
    { value: null, color: 'green' },
    { value: 300, color: 'orange' },
    { value: 2_000, color: 'red' },
  ],
});
const thresholds = (uid: string, mode: 'absolute' | 'percentage') =>
  panelDashboard(uid, { fieldConfig: { defaults: { unit: 'ms', thresholds: steps(mode) }, overrides: [] } });
const stack = usePanelStack({
  dashboards: [
    thresholds('thresholds', 'absolute'),
    thresholds('percentages', 'percentage'),
    { ...panelDashboard('tokyo'), timezone: 'Asia/Tokyo' },
    { ...panelDashboard('new-york'), timezone: 'America/New_York' },
  ],
});
const VIEWS = ['Tree', 'Timeline', 'Outline'] as const;

const KNOWN = ['auth_check', 'block_check', 'usage_check', 'llm_thinking', 'tool_call', 'llm_complete', 'error'];
const OWN = ['reserve_stock', 'charge_card'];

const flat = (checkpoints: readonly string[]): TimedStep[] =>
  checkpoints.map((checkpoint, i) => ({ checkpoint, atMs: 100 * i, tookMs: 90 }));

/** A flow that ended some seconds ago. */
const endedFlow = (userId: string, tookMs: number, steps: readonly TimedStep[], startedTs = Date.now() - 9_000) =>
  timedFlow({ userId, startedTs, tookMs, steps });

async function showFlow(
  user: string,
  events: { readonly id: string; readonly events: readonly FlowEvent[] },
  {
    path = '/d/flow-live',
    theme = 'dark',
    view = 'tree',
  }: Pick<OpenOptions, 'path' | 'theme'> & { view?: string } = {},
): Promise<PanelPage> {
  await stack.emit(user, events.events);
  const flows = await stack.open({ user, path, theme, params: { viewPanel: 'panel-1', 'fp-1-view': view } });
  await flows.untilFlow(events.id);
  return flows;
}

interface Styled {
  getAttribute(name: string): string | null;
}
declare const getComputedStyle: (element: Styled) => { backgroundColor: string; color: string };
const background = (locator: Locator): Promise<string> =>
  locator.evaluate((element: Styled) => getComputedStyle(element).backgroundColor);
const textColor = (locator: Locator): Promise<string> =>
  locator.evaluate((element: Styled) => getComputedStyle(element).color);

/** Whether the canvas has pixels of that colour where the card of a checkpoint is. */
const isDrawnIn = ({ page }: PanelPage, checkpoint: string, color: string): Promise<boolean> =>
  page.evaluate<boolean>(`(() => {
    const canvas = document.querySelector('[data-testid="flow-tree"] canvas');
    const at = canvas.getBoundingClientRect();
    const card = document.querySelector('[data-testid="flow-node"][data-checkpoint="${checkpoint}"]').getBoundingClientRect();
    const { data } = canvas.getContext('2d').getImageData(card.x - at.x, card.y - at.y, card.width, card.height);
    const [red, green, blue] = ${JSON.stringify(color)}.match(/\\d+/g).map(Number);
    for (let i = 0; i < data.length; i += 4) if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) return true;
    return false;
  })()`);

describe('a checkpoint’s colour', () => {
  it.each(['dark', 'light'] as const)(
    'is its own, and the same in every view and flow, in the %s theme',
    async (theme) => {
      const user = await stack.freshUser();
      const checkpoints = [...KNOWN, ...OWN];
      const first = endedFlow(user, 1_000, flat(checkpoints));
      const second = endedFlow(user, 1_000, flat([...OWN].reverse()), Date.now() - 4_000);
      const flows = await showFlow(user, first, { theme, view: 'outline' });
      const colors = new Map<string, string>();
      for (const checkpoint of checkpoints)
        colors.set(checkpoint, await background(flows.node(checkpoint).getByTestId('share-bar')));
      expect(new Set(KNOWN.map((checkpoint) => colors.get(checkpoint))).size).toBe(KNOWN.length);
      const [red = 0, green = 0, blue = 0] = colors.get('error')!.match(/\d+/g)!.map(Number);
      expect(red).toBeGreaterThan(green + 80);
      expect(red).toBeGreaterThan(blue + 80);
      await flows.view('Timeline');
      for (const checkpoint of checkpoints)
        expect(await background(flows.node(checkpoint).getByTestId('time-bar'))).toBe(colors.get(checkpoint));
      await flows.view('Tree');
      for (const checkpoint of checkpoints.slice(0, 5)) {
        await waitFor(`${checkpoint} is drawn in ${colors.get(checkpoint)}`, () =>
          isDrawnIn(flows, checkpoint, colors.get(checkpoint)!),
        );
      }
      expect(await isDrawnIn(flows, 'auth_check', colors.get('tool_call')!)).toBe(false);
      await flows.shot(`reading-colors-${theme}`);
      await flows.view('Outline');
      await stack.emit(user, second.events);
      await flows.untilFlow(second.id);
      for (const checkpoint of OWN)
        expect(await background(flows.node(checkpoint).getByTestId('share-bar'))).toBe(colors.get(checkpoint));
      expect(flows.errors).toEqual([]);
      await flows.page.close();
    },
  );
});

describe('how a flow ended', () => {
  it('has an abort as such, and not as an error', async () => {
    const user = await stack.freshUser();
    const flow = endedFlow(user, 2_000, [
      { checkpoint: 'auth_check', atMs: 0, tookMs: 10 },
      { checkpoint: 'llm_thinking', atMs: 20 },
    ]);
    const events = flow.events.map((event) =>
      event.type === 'flow_end' ? ({ ...event, status: 'aborted' } as const) : event,
    );
    const flows = await showFlow(user, { id: flow.id, events }, { view: 'outline' });
    const aborted = flows.node('llm_thinking', 'aborted');
    await aborted.waitFor();
    for (const view of ['Outline', 'Timeline', 'Tree'] as const) {
      await flows.view(view);
      await aborted.waitFor();
      expect(await flows.page.getByTestId('flow-first-failure').count()).toBe(0);
      await flows.shot(`reading-aborted-${view.toLowerCase()}`);
    }
    expect(await aborted.getAttribute('aria-label')).toMatch(/^llm_thinking, aborted/);
    await flows.page
      .locator('[data-testid="flow-list-item"][data-status="aborted"]')
      .getByText(/^aborted/)
      .waitFor();
    expect(await flows.page.getByTestId('flow-filter-failed').innerText()).toMatch(/^Failed\s+0$/);
    await flows.view('Outline');
    const [ended, failed] = [
      await textColor(aborted.getByText('aborted')),
      await textColor(flows.node('auth_check').getByText('ok', { exact: true })),
    ];
    // Nothing of it is red.
    expect(ended).toBe(failed);
    await flows.page.close();
  });

  it('counts a failure once, however far it was passed on, and leads to its cause', async () => {
    const user = await stack.freshUser();
    const error = 'mailbox unavailable';
    const flow = endedFlow(user, 2_000, [
      { checkpoint: 'auth_check', atMs: 0, tookMs: 10 },
      { checkpoint: 'llm_thinking', atMs: 20, tookMs: 1_900, error },
      { checkpoint: 'agent', atMs: 30, tookMs: 1_800, below: 1, error },
      { checkpoint: 'send_email', atMs: 40, tookMs: 1_700, below: 2, tool: 'smtp', error },
    ]);
    const flows = await showFlow(user, flow, { view: 'outline' });
    const { page } = flows;
    await page.getByText(/ · 1 failure/).waitFor();
    const bar = page.getByTestId('flow-first-failure');
    await bar.getByText('Failure', { exact: true }).waitFor();
    await bar.getByText('llm_thinking › agent › send_email smtp').waitFor();
    await bar.getByText(error).waitFor();
    const status = (checkpoint: string): Locator => flows.node(checkpoint).getByRole('gridcell').nth(1);
    expect((await status('send_email').innerText()).trim()).toBe(`failed · ${error}`);
    for (const parent of ['llm_thinking', 'agent']) {
      expect((await status(parent).innerText()).trim()).toBe('error below');
      expect(await textColor(status(parent))).not.toBe(await textColor(status('send_email')));
    }
    for (const view of VIEWS) {
      await flows.view(view);
      await bar.getByRole('button').first().click();
      await page.locator('[data-checkpoint="send_email"][aria-selected="true"]').waitFor();
      await flows.shot(`reading-failure-${view.toLowerCase()}`);
      await page.keyboard.press('Escape');
      await page.getByTestId('flow-node-details').waitFor({ state: 'detached' });
    }
    await flows.view('Tree');
    // On its cards as in the rows: the reason once, and of those above it only that it lies below.
    const picture = await readFile(await (await flows.download('Picture as SVG')).path(), 'utf8');
    const texts = picture.match(/(?<=<text[^>]*>)[^<]+/g) ?? [];
    const count = (text: string): number => texts.filter((each) => each === text).length;
    expect([count(error), count('smtp'), count('error below')]).toEqual([1, 1, 2]);
    expect(flows.errors).toEqual([]);
    await page.close();
  });
});

describe('a call of a model', () => {
  it('has tokens, tokens a second and the time to its first chunk', async () => {
    const user = await stack.freshUser();
    const flow = endedFlow(user, 3_000, [{ checkpoint: 'llm_thinking', atMs: 0, tookMs: 2_500 }]);
    const events = flow.events.map((event) =>
      event.type === 'checkpoint_end'
        ? {
            ...event,
            attributes: {
              'gen_ai.usage.input_tokens': 1_000,
              'gen_ai.usage.output_tokens': 300,
              'flow.first_chunk_ms': 500,
            },
          }
        : event,
    );
    const flows = await showFlow(user, { id: flow.id, events });
    await flows.node('llm_thinking', 'ok').waitFor();
    // 300 tokens in the 2 s after the first chunk.
    expect(await flows.node('llm_thinking').getAttribute('aria-label')).toContain('1,300 tok, 150 tok/s, first 500 ms');
    await flows.page.getByTestId('flow-first-chunk').getByText('first chunk after 500 ms').waitFor();
    expect(await flows.page.getByTestId('flow-tokens').innerText()).toBe('1,300 tokens');
    await flows.page.close();
  });
});

describe('the dashboard’s thresholds on durations', () => {
  it.each(VIEWS)('mark what takes longer, while it runs, within a second: %s', async (view) => {
    const user = await stack.freshUser();
    const flows = await stack.open({
      user,
      path: '/d/thresholds',
      params: { viewPanel: 'panel-1', 'fp-1-view': view.toLowerCase() },
    });
    await flows.untilLive();
    const flow = stack.startFlow(user);
    flow.begin('quick').end();
    const begunTs = Date.now();
    const slow = flow.begin('slow_step');
    await flows.page
      .locator(
        view === 'Tree'
          ? '[data-checkpoint="slow_step"][data-slow="over 300 ms"]'
          : '[data-checkpoint="slow_step"] [data-testid="flow-slow"]',
      )
      .waitFor();
    const markedMs = Date.now() - begunTs;
    expect(markedMs).toBeGreaterThanOrEqual(300);
    expect(markedMs).toBeLessThan(1_300);
    const color = (): Promise<string> => textColor(flows.node('slow_step').getByTestId('flow-slow').first());
    const orange = view === 'Tree' ? '' : await color();
    await flows.page.getByTestId('flow-slow-count').getByText('1 slow').waitFor();
    await flows.shot(`reading-thresholds-${view.toLowerCase()}`);
    // The highest step that it has passed is told.
    if (view === 'Tree') await flows.page.locator('[data-checkpoint="slow_step"][data-slow="over 2.0 s"]').waitFor();
    else await waitFor('another colour', async () => (await color()) !== orange);
    slow.end();
    flow.end();
    await flows.node('slow_step', 'ok').waitFor();
    if (view === 'Tree')
      expect(await flows.node('slow_step', 'ok').getAttribute('aria-label')).toContain(
        'slow: over the threshold of 2.0 s',
      );
    expect(await flows.node('quick').getByTestId('flow-slow').count()).toBe(0);
    expect(await flows.node('quick').getAttribute('data-slow')).toBeNull();
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });

  it('mean nothing as percentages', async () => {
    const user = await stack.freshUser();
    const flow = endedFlow(user, 3_000, [{ checkpoint: 'slow_step', atMs: 0, tookMs: 2_500 }]);
    const flows = await showFlow(user, flow, { path: '/d/percentages' });
    await flows.node('slow_step', 'ok').waitFor();
    expect(await flows.node('slow_step').getAttribute('data-slow')).toBeNull();
    await flows.page.close();
  });
});

describe('the dashboard’s time zone', () => {
  it.each([
    ['tokyo', 'Asia/Tokyo'],
    ['new-york', 'America/New_York'],
  ])('is that of every time by the clock: %s', async (uid, timeZone) => {
    const user = await stack.freshUser();
    const startedTs = Date.now() - 9_000;
    const flow = endedFlow(user, 3_000, [{ checkpoint: 'llm_thinking', atMs: 1_500, tookMs: 1_000 }], startedTs);
    const flows = await showFlow(user, flow, { path: `/d/${uid}` });
    const at = (ts: number): string => new Date(ts).toLocaleTimeString('en-GB', { timeZone });
    await flows.node('llm_thinking').click();
    const details = flows.page.getByTestId('flow-node-details');
    await details.getByText(new RegExp(`^${at(startedTs + 1_500)}\\.\\d{3}$`)).waitFor();
    await details.getByText(new RegExp(`^${at(startedTs + 2_500)}\\.\\d{3}$`)).waitFor();
    const time = flows.page.locator('[data-testid="flow-list-item"] time');
    expect(await time.getAttribute('title')).toContain(at(startedTs + 3_000));
    await flows.page.close();
  });
});

describe('all views', () => {
  it('have one selection, one collapse and one zoom to a level', async () => {
    const user = await stack.freshUser();
    const below = (checkpoint: string, parent: number): TimedStep => ({
      checkpoint,
      atMs: 100,
      tookMs: 50,
      below: parent,
    });
    const steps: TimedStep[] = [
      { checkpoint: 'auth_check', atMs: 0, tookMs: 10 },
      { checkpoint: 'llm_thinking', atMs: 20, tookMs: 900 },
      below('agent', 1),
      below('tool_call', 2),
      below('http_get', 3),
    ];
    const flows = await showFlow(user, endedFlow(user, 1_000, steps));
    const { page } = flows;
    const shown = async (): Promise<string[]> =>
      page
        .getByTestId('flow-node')
        .evaluateAll((nodes: Styled[]) => nodes.map((node) => node.getAttribute('data-checkpoint') ?? ''));
    const names = steps.map(({ checkpoint }) => checkpoint);
    for (const view of ['Timeline', 'Outline', 'Tree'] as const) {
      await flows.node('agent').click();
      await flows.view(view);
      await page.locator('[data-checkpoint="agent"][aria-selected="true"]').waitFor();
      await flows.node('tool_call').click();
      await page.locator('[data-checkpoint="tool_call"][aria-selected="true"]').waitFor();
    }
    for (const level of [0, 1, 2, 3]) {
      await page.keyboard.press(String(level));
      for (const view of VIEWS) {
        await flows.view(view);
        await waitFor(
          `level ${level} in the ${view}`,
          async () => (await shown()).join() === names.slice(0, level + 2).join(),
        );
      }
      await flows.node('auth_check').focus();
    }
    expect(flows.errors).toEqual([]);
    await page.close();
  });
});
