import { join } from 'node:path';
import { seriousViolations } from './support/axe';
import { openExplore, type ExploreMode, type ExplorePage } from './support/explore-page';
import { chatFlow } from './support/flow-events';
import { usePanelStack } from './support/panel-stack';

/** The datasource's editors, as a person fills them in, each with what a running bridge answers. */

const screenshots = join(__dirname, '..', 'test-results');
const NASTY = '#h?x&y=1';
const stack = usePanelStack();
const startedTs = Date.now() - 5 * 60_000;
const ended = chatFlow({ userId: NASTY, sessionId: 'a/b', startedTs });
const flowId = ended[0]!.flow_id;

beforeAll(async () => {
  const enable = `/api/v1/monitoring/enable?user=${encodeURIComponent(NASTY)}&reason=looking`;
  expect((await stack.ask(enable, { method: 'POST' })).status).toBe(200);
  await stack.emit(NASTY, ended);
  await stack.emit('other', chatFlow({ userId: 'other', sessionId: 'other-1', startedTs: startedTs + 1_000 }));
  // It hangs in its tool.
  await stack.emit(NASTY, chatFlow({ userId: NASTY, sessionId: 'open', startedTs }).slice(0, 5));
  await stack.untilStored();
});

/** Opens an editor, works with it, and sees that the page logged no error. */
async function explore(
  options: { as?: ExploreMode; query?: object },
  work: (explored: ExplorePage) => Promise<void>,
): Promise<void> {
  const explored = await openExplore(stack, options);
  try {
    await work(explored);
    expect(explored.errors).toEqual([]);
  } catch (error) {
    await explored.page.screenshot({ path: join(screenshots, 'editors-failed.png'), fullPage: true });
    throw error;
  } finally {
    await explored.page.close();
  }
}

const node = ({ page }: ExplorePage, checkpoint: string) =>
  page.locator(`[data-testid="flow-node"][data-checkpoint="${checkpoint}"]`).first();

describe('the query editor', () => {
  it('of live flows takes an awkward user id as it is, and hears what happens', () =>
    explore({ query: { refId: 'A', queryType: 'flow-list' } }, async (explored) => {
      await explored.kind('Live flows');
      await explored.enter('User id', NASTY);
      await explored.page.locator('[data-testid="flow-panel"][data-connection="live"]').waitFor();
      expect(explored.query()).toMatchObject({ queryType: 'live', select: 'user', user: NASTY });
      const now = chatFlow({ userId: NASTY, sessionId: 'now' });
      await stack.emit(NASTY, now);
      await explored.page.locator(`[data-flow-id="${now[0]!.flow_id}"]`).waitFor();
      await explored.choose('Flows of', 'Everyone');
      await explored.field('User id').waitFor({ state: 'detached' });
      expect(explored.query()).toMatchObject({ select: 'everyone' });
    }));

  it('of what runs now filters', () =>
    explore({}, async (explored) => {
      await explored.kind('Running now');
      await explored.enter('User', 'other');
      await explored.page.getByText('No data', { exact: true }).waitFor();
      await explored.enter('User', NASTY);
      await explored.cell('tool_call').waitFor();
      await explored.enter('Min duration', '1');
      await explored.enter('Limit', '1');
      await explored.cell('tool_call').waitFor();
      expect(explored.query()).toMatchObject({ user: NASTY, minDurationMs: '1', limit: 1 });
    }));

  it('of a flow list filters by each of its fields', () =>
    explore({ query: { refId: 'A', queryType: 'flow-list' } }, async (explored) => {
      await explored.cell('other').waitFor();
      await explored.enter('User', NASTY);
      await explored.cell('other').waitFor({ state: 'detached' });
      await explored.enter('Session', 'a/b');
      await explored.enter('Service', 'chat');
      await explored.enter('Checkpoint', 'llm_thinking');
      await explored.enter('Text', 'ASK');
      await explored.enter('Min duration', '1');
      await explored.field('Status').click();
      await explored.page.getByRole('option', { name: 'ok' }).first().click();
      await explored.page.keyboard.press('Escape');
      await explored.enter('Limit', '9999999');
      expect(await explored.field('Limit').inputValue()).toBe('5000');
      await explored.cell('a/b').waitFor();
      await explored.cell('open').waitFor({ state: 'detached' });
      expect(explored.query()).toMatchObject({
        ...{ user: NASTY, session: 'a/b', service: 'chat', checkpoint: 'llm_thinking', text: 'ASK' },
        ...{ minDurationMs: '1', status: ['ok'], limit: 5000 },
      });
    }));

  it('of the latest flows, of a session and of a flow draws them, also as a trace and a node graph', () =>
    explore({}, async (explored) => {
      await explored.kind('Latest flows');
      await explored.enter('User id', NASTY);
      await node(explored, 'tool_call').waitFor();
      await explored.kind('Session');
      await explored.enter('Session id', 'a/b');
      await explored.page.locator(`[data-testid="flow-panel"][data-flow="${flowId}"]`).waitFor();
      // What the panel keeps in the address is no new query.
      let asked = 0;
      explored.page.on('request', (request) => (asked += Number(request.url().includes('/flows/session'))));
      await node(explored, 'tool_call').click();
      await explored.page.waitForURL(/fp-1-node=/);
      await explored.kind('Flow');
      expect(asked).toBe(0);
      await explored.enter('Flow id', flowId);
      await explored.choose('Format', 'Trace');
      await explored.page.getByRole('heading', { name: 'Trace' }).waitFor();
      await node(explored, 'tool_call').waitFor();
      await explored.choose('Format', 'Node graph');
      await explored.page.getByRole('heading', { name: 'Node graph: edges' }).waitFor();
      await explored.cell('tool_call').waitFor();
    }));

  it('of checkpoint statistics gives a graph of figures, a table and a heat map', () =>
    explore({}, async (explored) => {
      await explored.kind('Checkpoint statistics');
      await explored.enter('Checkpoint', 'llm_thinking');
      await explored.field('Figures').click();
      await explored.page.getByRole('option', { name: 'Count', exact: true }).click();
      await explored.page.keyboard.press('Escape');
      await explored.page.locator('canvas').first().waitFor();
      await explored.page.getByText('llm_thinking · Count').first().waitFor();
      expect(explored.query()).toMatchObject({ checkpoint: 'llm_thinking', figures: ['p95_ms', 'count'] });
      await explored.choose('As', 'Summary');
      await explored.cell('llm_thinking').waitFor();
      await explored.choose('As', 'Heat map');
      await explored.choose('Of', 'Time to first chunk');
      expect(explored.query()).toMatchObject({ view: 'heatmap', of: 'first_chunk' });
    }));

  it('of monitored users filters', () =>
    explore({}, async (explored) => {
      await explored.kind('Monitored users');
      await explored.cell('looking').waitFor();
      await explored.enter('User', 'other');
      await explored.cell('looking').waitFor({ state: 'detached' });
    }));

  it('of annotations gives them as a table', () =>
    explore({}, async (explored) => {
      await explored.kind('Annotations');
      await explored.choose('Mark', 'Slow checkpoints');
      await explored.enter('Times p95', '3');
      await explored.enter('Or from', '10');
      await explored.cell('llm_thinking was slow').waitFor();
      await explored.page.getByRole('gridcell').getByRole('link', { name: 'Open the session' }).first().waitFor();
      expect(explored.query()).toMatchObject({ annotate: 'slow', factor: 3, minDurationMs: '10' });
    }));

  it('keeps what fits when the kind changes, and never asks for everyone by itself', () =>
    explore({ query: { refId: 'A', queryType: 'flow', flow: flowId } }, async (explored) => {
      await node(explored, 'tool_call').waitFor();
      await explored.kind('Latest flows');
      await explored.field('User id').waitFor();
      expect(explored.query()).toMatchObject({ queryType: 'history', select: 'user' });
      await explored.enter('User id', NASTY);
      await explored.kind('Flow list');
      expect(await explored.field('User').inputValue()).toBe(NASTY);
      await explored.cell('other').waitFor({ state: 'detached' });
      await explored.enter('Service', 'chat');
      await explored.kind('Running now');
      expect(await explored.field('Service').inputValue()).toBe('chat');
      await explored.kind('Flow');
      expect(await explored.field('Flow id').inputValue()).toBe(flowId);
    }));

  it('says what is wrong with a query, and goes back with the browser', () =>
    explore({ query: { refId: 'A', queryType: 'flow-list' } }, async (explored) => {
      await explored.cell('other').waitFor();
      await explored.enter('Min duration', 'soon');
      await explored.page.getByText('no number of milliseconds', { exact: false }).waitFor();
      await explored.page.goBack();
      await explored.cell('other').waitFor();
      expect(await explored.field('Min duration').inputValue()).toBe('');
    }));

  it('runs a field that is left only when its text has changed, and by Shift and Enter', () =>
    explore({ query: { refId: 'A', queryType: 'flow-list' } }, async (explored) => {
      await explored.cell('other').waitFor();
      let asked = 0;
      explored.page.on('request', (request) => (asked += Number(request.url().includes('/api/v1/flows?'))));
      await explored.field('User').focus();
      await explored.field('Session').focus();
      await explored.field('Session').fill('a/b');
      await explored.field('Limit').focus();
      await explored.cell('other').waitFor({ state: 'detached' });
      expect(asked).toBe(1);
      await Promise.all([
        explored.page.waitForRequest((request) => request.url().includes('/api/v1/flows?')),
        explored.field('Limit').press('Shift+Enter'),
      ]);
    }));
});

describe('the other editors', () => {
  it('of a variable lists users, sessions, checkpoints and services, and searches', () =>
    explore({ as: 'variable' }, async (explored) => {
      const options = explored.page.getByRole('region', { name: 'Preview of values' });
      const option = (text: string) => options.getByRole('listitem').filter({ hasText: text });
      await option(NASTY).waitFor();
      await explored.choose('List', 'Sessions');
      await option('other-1').waitFor();
      await explored.enter('Of user', NASTY);
      await option('other-1').waitFor({ state: 'detached' });
      await option('a/b').waitFor();
      await explored.choose('List', 'Checkpoints');
      await option('llm_thinking').waitFor();
      await explored.enter('Search', '$__searchFilter');
      await explored.page.getByLabel('Typed into the variable').fill('tool');
      await option('llm_thinking').waitFor({ state: 'detached' });
      await option('tool_call').waitFor();
      await explored.page.getByLabel('Typed into the variable').fill('');
      await explored.enter('Search', '');
      await explored.choose('List', 'Services');
      await option('chat').waitFor();
    }));

  it('of an annotation marks what was switched and what was slow', () =>
    explore({ as: 'annotation' }, async (explored) => {
      const marks = explored.page.getByRole('table', { name: 'Annotations' });
      await explored.page.getByText('No annotations in this time range').waitFor();
      await explored.choose('Mark', 'Monitoring switched');
      await marks.getByText(`Monitoring of ${NASTY} switched on`).waitFor();
      await explored.enter('User', 'other');
      await marks.waitFor({ state: 'detached' });
      await explored.choose('Mark', 'Slow checkpoints');
      await explored.enter('User', '');
      await explored.enter('Or from', '10');
      await marks.getByText('llm_thinking was slow').first().waitFor();
    }));
});

describe('the fields', () => {
  const FIELDS = {
    'Live flows': ['Query', 'Flows of: User', 'User id'],
    'Running now': ['Query', 'User', 'Service', 'Checkpoint', 'Min duration', 'Limit'],
    'Flow list': ['Query', 'Status', 'User', 'Session', 'Service', 'Checkpoint', 'Text', 'Min duration', 'Limit'],
    'Latest flows': ['Query', 'Flows of: User', 'User id'],
    Session: ['Query', 'Session id', 'Format: Flows'],
    Flow: ['Query', 'Flow id', 'Format: Flows'],
    'Checkpoint statistics': ['Query', 'As: Time series', 'Checkpoint', 'Figures'],
    'Monitored users': ['Query', 'User'],
    Annotations: ['Query', 'Mark: Failed flows', 'User', 'Session', 'Service', 'Checkpoint', 'Limit'],
  };

  it(
    'are reached by Tab, in the order in which they stand, and have names',
    () =>
      explore({ query: { refId: 'A', queryType: 'annotations' } }, async (explored) => {
        for (const [kind, names] of Object.entries(FIELDS)) {
          await explored.kind(kind);
          await explored.editor.getByRole('combobox', { name: 'Query', exact: true }).focus();
          expect([kind, await namesByTab(explored)]).toEqual([kind, names]);
          expect(await seriousViolations(explored.page, 'section[aria-label^="Editor"]')).toEqual([]);
        }
      }),
    60_000,
  );

  /** Null outside the editor, empty for what is no field. */
  const NAME_OF_FOCUSED = `(() => {
    const focused = document.activeElement;
    if (focused.closest('section[aria-label^="Editor"]') === null) return null;
    if (!(focused instanceof HTMLInputElement)) return '';
    const own = [...focused.labels].map((label) => label.textContent.trim()).join(' ');
    const group = focused.closest('[role="radiogroup"]');
    if (group === null) return own;
    const by = group.getAttribute('aria-labelledby');
    return (by === null ? group.getAttribute('aria-label') : document.getElementById(by).textContent.trim()) + ': ' + own;
  })()`;

  /** What has the focus while Tab goes through the editor, by label; of one of a few also which. */
  async function namesByTab({ page }: ExplorePage): Promise<string[]> {
    const names: string[] = [];
    for (;;) {
      const name = await page.evaluate<string | null>(NAME_OF_FOCUSED);
      if (name === null) return names;
      if (name !== '') names.push(name);
      await page.keyboard.press('Tab');
    }
  }
});
