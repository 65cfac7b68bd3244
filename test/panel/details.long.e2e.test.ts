import type { Flow } from '@flow-tracking/express';
import type { Locator, Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { panelDashboard } from '../support/panel-dashboard';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { waitFor } from '../support/wait-for';

const link = (field: string, title: string, url: string) => ({
  matcher: { id: 'byName', options: field },
  properties: [{ id: 'links', value: [{ title, url, targetBlank: true }] }],
});
const stack = usePanelStack({
  dashboards: [
    panelDashboard('with-links', {
      fieldConfig: {
        defaults: {},
        overrides: [
          link('trace_id', 'Trace in Tempo', '/explore?trace=${__value.raw:percentencode}'),
          link('checkpoint', 'Runbook', 'https://runbooks.example/${__value.raw:percentencode}'),
          link('status', 'Bad', 'javascript:window.hacked=1'),
        ],
      },
    }),
  ],
});

const MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const STACK = `SmtpError: mailbox unavailable
    at sendMail (/app/src/send-email.ts:42:11)
    at Connection.onError (/app/node_modules/nodemailer/lib/index.js:800:20)
    at TLSSocket.emit (node:events:519:28)
    at async /app/src/routes/ask.ts:54:3`;
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** A request whose model was asked, and whose tool failed two levels below. */
function recordChat(flow: Flow): void {
  flow.checkpoint('auth_check', { status: 'passed' });
  const llm = flow.begin('llm_thinking', {
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.input.messages': [
      { role: 'user', parts: [{ type: 'text', content: `Where is my order? ${MARKUP}` }] },
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', name: 'search', arguments: { order: 4711, deep: { er: 1 } } }],
      },
    ],
  });
  const agent = llm.begin('agent');
  const tool = agent.begin('send_email', { 'gen_ai.tool.name': 'smtp' });
  const error = new Error('mailbox unavailable');
  tool.fail(error, {
    'error.stack': STACK,
    note: 'The server said no. '.repeat(300),
    rows: Array.from({ length: 250 }, (_, i) => i),
    filter: '{"a":{"b":[1,2]}}',
    html: MARKUP,
  });
  agent.fail(error);
  llm.end({
    'gen_ai.usage.input_tokens': 12_431,
    'flow.first_chunk_ms': 2140,
    'gen_ai.request.stream': true,
    'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: 'On its way.' }] }],
  });
  flow.checkpoint('llm_complete');
  flow.end();
}

interface Opened extends PanelPage {
  readonly details: Locator;
  /** Opens the details of a node. */
  readonly select: (checkpoint: string) => Promise<void>;
  /** The value beside an attribute's name in words. */
  readonly attribute: (name: string) => Locator;
}

async function openChat(
  options: { path?: string; theme?: 'light'; prepare?: (page: Page) => Promise<void> } = {},
): Promise<Opened> {
  const user = await stack.freshUser();
  const flows = await stack.open({ user, ...(options.path === undefined && { params: ALONE }), ...options });
  await flows.untilLive();
  const flow = stack.tracking.startFlow({ name: 'POST /ask/stream', userId: user, traceId: TRACE_ID });
  recordChat(flow);
  await flows.untilFlow(flow.id);
  await flows.untilNodes(5);
  await flows.node('llm_complete', 'ok').waitFor();
  const details = flows.page.getByTestId('flow-node-details');
  return {
    ...flows,
    details,
    async select(checkpoint) {
      await flows.node(checkpoint).click();
      await details.getByRole('heading', { name: checkpoint, exact: true }).waitFor();
    },
    attribute: (name) => details.locator(`[data-attribute="${name}"]`),
  };
}

const overlap = async (a: Locator, b: Locator): Promise<boolean> => {
  const [one, other] = [await a.boundingBox(), await b.boundingBox()];
  if (one === null || other === null) throw new Error('not in sight');
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
};

const focused = (page: Page, selector: string) => page.locator(`${selector}:focus`).waitFor();

describe('the details of a checkpoint', () => {
  it('say attributes in words, and prompt and answer as turns that are never taken for markup', async () => {
    const { page, errors, details, select, attribute, shot } = await openChat();
    await select('llm_thinking');
    expect(await attribute('gen_ai.request.model').innerText()).toMatch(/^Model asked for\s+gpt-4o$/);
    expect(await attribute('gen_ai.usage.input_tokens').innerText()).toMatch(/^Input tokens\s+12,431$/);
    expect(await attribute('flow.first_chunk_ms').innerText()).toMatch(/2\.1 s$/);
    expect(await attribute('gen_ai.request.stream').innerText()).toMatch(/yes$/);
    expect(await attribute('gen_ai.request.model').locator('dt').getAttribute('title')).toBe('gen_ai.request.model');

    const turns = details.getByTestId('flow-chat').getByRole('listitem');
    expect(await turns.count()).toBe(3);
    expect(await turns.nth(0).innerText()).toContain(MARKUP);
    expect(await turns.nth(1).innerText()).toMatch(/calls search/);
    expect(
      await turns
        .nth(1)
        .getByRole('treeitem', { name: /^order/ })
        .innerText(),
    ).toContain('4711');
    expect(await turns.nth(2).innerText()).toContain('On its way.');
    await shot('details-chat');

    await select('send_email');
    expect(await attribute('html').innerText()).toContain(MARKUP);
    expect(await details.locator('img, script').count()).toBe(0);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('lead from a failure that was passed on to its cause, whose stack opens on the frames of the application', async () => {
    const { page, details, select } = await openChat();
    await select('agent');
    await details.getByText('Passed on from send_email').waitFor();
    await details.getByRole('button', { name: 'Go to the cause' }).click();
    await details.getByRole('heading', { name: 'send_email' }).waitFor();
    expect(await details.getByText('Passed on from').count()).toBe(0);

    const fold = details.getByRole('button', { name: 'Stack (5 lines)' });
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    expect(await details.getByTestId('flow-stack').count()).toBe(0);
    await fold.click();
    const frames = details.getByTestId('flow-stack');
    expect(await frames.innerText()).toContain('send-email.ts:42');
    expect(await frames.innerText()).not.toContain('node_modules');
    await frames.getByRole('button', { name: '2 lines of libraries' }).click();
    expect(await frames.innerText()).toContain('node_modules');
    await page.close();
  });

  it('fold JSON and long text, by keyboard too', async () => {
    const { page, details, select, attribute } = await openChat({ theme: 'light' });
    await select('send_email');
    const rows = attribute('rows').getByRole('treeitem');
    expect(await rows.count()).toBe(101);
    await rows.last().getByRole('button').click();
    expect(await rows.count()).toBe(201);

    const filter = attribute('filter').getByRole('treeitem');
    expect(await filter.count()).toBe(4);
    await filter.first().focus();
    await page.keyboard.press('ArrowLeft');
    await waitFor('it is folded', async () => (await filter.count()) === 1);
    await page.keyboard.press('ArrowRight');
    await waitFor('it is open', async () => (await filter.count()) === 4);
    await page.keyboard.press('End');
    await focused(page, '[data-attribute="filter"] [role="treeitem"][aria-level="3"]');
    // The keys of the tree are not those of the panel.
    await details.getByRole('heading', { name: 'send_email' }).waitFor();

    const note = attribute('note');
    const before = (await note.boundingBox())?.height ?? 0;
    await note.getByRole('button', { name: 'Show all (6,000 characters)' }).click();
    expect((await note.boundingBox())?.height).toBeGreaterThan(before * 2);
    await note.getByRole('button', { name: 'Show less' }).click();
    expect((await note.boundingBox())?.height).toBe(before);
    await page.close();
  });

  it('copy all of it as JSON, by its own names', async () => {
    const { page, details, select, panel } = await openChat();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await select('send_email');
    await details.getByRole('button', { name: 'Copy as JSON' }).click();
    await details.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = JSON.parse(await page.evaluate<string>('navigator.clipboard.readText()')) as Record<string, unknown>;
    expect(copied).toMatchObject({
      flow_id: await panel.getAttribute('data-flow'),
      checkpoint: 'send_email',
      status: 'error',
      attributes: { 'gen_ai.tool.name': 'smtp', html: MARKUP },
    });
    await page.close();
  });

  it('link to where the dashboard says, and nowhere that runs code', async () => {
    const { page, details, select } = await openChat({ path: '/d/with-links' });
    await select('send_email');
    const href = (name: string) => details.getByRole('link', { name }).getAttribute('href');
    expect(await href('Trace in Tempo')).toBe(`/explore?trace=${TRACE_ID}`);
    expect(await href('Runbook')).toBe('https://runbooks.example/send_email');
    await select('llm_thinking');
    expect(await href('Runbook')).toBe('https://runbooks.example/llm_thinking');
    for (const bad of await details.getByRole('link', { name: 'Bad' }).all()) {
      expect(await bad.getAttribute('href')).toBe('about:blank');
    }
    expect(await details.getByText(TRACE_ID).count()).toBe(1);
    await page.close();
  });

  it('count on while it runs, without a word to screen readers', async () => {
    const user = await stack.freshUser();
    const { page, node, untilLive } = await stack.open({ user, params: ALONE });
    await untilLive();
    const flow = stack.startFlow(user);
    const llm = flow.begin('llm_thinking');
    await node('llm_thinking', 'running').click();
    const details = page.getByTestId('flow-node-details');
    await details.getByText('Of the flow so far').waitFor();
    const running = details.getByText('Running for').locator('xpath=following-sibling::dd');
    const first = await running.innerText();
    await waitFor('the time goes on', async () => (await running.innerText()) !== first);
    expect(await details.locator('[aria-live], [role="status"], [role="alert"], [role="timer"]').count()).toBe(0);
    llm.end();
    flow.end();
    await details.getByText('Ended', { exact: true }).waitFor();
    await details.getByText('Of the flow', { exact: true }).waitFor();
    await page.close();
  });
});

describe('the history of a checkpoint', () => {
  it('is compared with this one where it is long enough', async () => {
    const user = await stack.freshUser();
    for (let i = 0; i < 25; i++) {
      const flow = stack.startFlow(user);
      const usual = flow.begin('usual');
      if (i === 0) usual.fail(new Error('once'));
      else usual.end();
      if (i === 24) flow.checkpoint('rare');
      flow.end();
    }
    await stack.untilStored();
    const { page, node } = await stack.open({ user, params: ALONE });
    const history = page.getByTestId('flow-node-details').getByTestId('flow-own-history');
    await node('usual').click();
    await history.getByText(/^p50 .+ · p95 .+ · fails 4 % of 25 in 24 h$/).waitFor();
    await history.getByText(/^This one /).waitFor();
    await node('rare').click();
    await history.getByText('It ran once in 24 h: too few for a comparison.').waitFor();
    await page.close();
  });
});

describe('the place of the details', () => {
  it('is beside the view, which keeps the node in sight and its focus', async () => {
    const { page, details, select, node, view, resizePanel, shot } = await openChat();
    await resizePanel(900, 500);
    for (const name of ['Tree', 'Timeline', 'Outline'] as const) {
      await view(name);
      await select('llm_complete');
      await waitFor('the node is in sight', async () => !(await overlap(details, node('llm_complete'))));
      await focused(page, '[data-testid="flow-node"][data-checkpoint="llm_complete"]');
      await shot(`details-${name.toLowerCase()}`);
      await page.keyboard.press('Escape');
      await details.waitFor({ state: 'detached' });
    }
    await page.close();
  });

  it('is below a narrow view, and over one that has no room, with a way back', async () => {
    const { page, details, select, node, view, resizePanel, shot } = await openChat();
    for (const name of ['Timeline', 'Outline'] as const) {
      await resizePanel(900, 500);
      await view(name);
      await resizePanel(420, 500);
      await select('llm_complete');
      expect(await details.getAttribute('data-placement')).toBe('sheet');
      await waitFor('the node is in sight', async () => !(await overlap(details, node('llm_complete'))));
      await page.keyboard.press('Escape');
      await focused(page, '[data-testid="flow-node"][data-checkpoint="llm_complete"]');
    }
    await resizePanel(300, 200);
    await select('llm_thinking');
    expect(await details.getAttribute('data-placement')).toBe('full');
    await focused(page, '[aria-label="Back to the flow"]');
    expect((await details.boundingBox())?.width).toBe(300);
    await shot('details-300');
    await page.keyboard.press('Enter');
    await details.waitFor({ state: 'detached' });
    await focused(page, '[data-testid="flow-node"][data-checkpoint="llm_thinking"]');
    await page.close();
  });

  it('is as large as a person made it, by drag or by keyboard, also after a reload', async () => {
    const { page, details, select } = await openChat();
    await select('llm_thinking');
    const width = async () => Math.round((await details.boundingBox())?.width ?? 0);
    const edge = page.getByRole('separator', { name: 'Width of the details' });
    const usual = await width();
    expect(await edge.getAttribute('aria-valuenow')).toBe(String(usual));
    await edge.press('ArrowLeft');
    await waitFor('it is wider', async () => (await width()) === usual + 16);

    const box = await edge.boundingBox();
    if (box === null) throw new Error('no edge');
    await page.mouse.move(box.x + box.width / 2, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 - 100, box.y + 50, { steps: 4 });
    await page.mouse.up();
    expect(await width()).toBe(usual + 116);
    await page.waitForURL((url) => url.searchParams.has('fp-1-node'));
    await page.reload();
    await details.waitFor();
    expect(await width()).toBe(usual + 116);

    await edge.press('End');
    await waitFor(
      'it ends where the view needs room',
      async () => (await edge.getAttribute('aria-valuemax')) === String(await width()),
    );
    await edge.dblclick();
    await waitFor('it is as usual', async () => (await width()) === usual);
    await page.close();
  });
});

/** Puts attributes that no middleware of ours would send into what history answers. */
async function injectHostile(page: Page): Promise<void> {
  let deep: unknown = 'bottom';
  for (let i = 0; i < 1_000; i++) deep = i % 2 === 0 ? [deep] : { in: deep };
  const hostile = {
    megabyte: 'x'.repeat(1_048_576),
    deep,
    many: Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`name ${i}`, i])),
    odd: '\u202Eright to left\u0000 \uD800 👩‍👩‍👧‍👦 e\u0301',
    ['n'.repeat(255)]: 'a long name',
    '': 'no name',
    __proto__x: { toString: 'a', constructor: null },
  };
  await page.route('**/api/datasources/proxy/**/api/v1/flows/**', async (route) => {
    const response = await route.fetch();
    const body: unknown = await response.json();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('checkpoint' in value && 'attributes' in value) {
        value.attributes = value.checkpoint === 'auth_check' ? {} : hostile;
        if (value.checkpoint === 'llm_complete') value.checkpoint = 'ü'.repeat(127);
        return;
      }
      for (const each of Object.values(value)) visit(each);
    };
    visit(body);
    await route.fulfill({ response, json: body });
  });
}

describe('details of hostile data', () => {
  it('stand, whatever is in them', async () => {
    const user = await stack.freshUser();
    const flow = stack.startFlow(user, { sessionId: `s-${user}` });
    recordChat(flow);
    await stack.untilStored();
    const { page, errors, node } = await stack.open({
      path: '/d/flow-session',
      params: { 'var-user': user, 'var-session': `s-${user}` },
      prepare: injectHostile,
    });
    const details = page.getByTestId('flow-node-details');
    const attribute = (name: string) => details.locator(`[data-attribute="${name}"]`);
    await node('send_email').click();
    await attribute('megabyte').getByRole('button', { name: 'Show all (1,048,576 characters)' }).click();
    await attribute('megabyte')
      .getByRole('button', { name: /^Show 100,000 more of 948,576/ })
      .waitFor();
    expect(await attribute('many').getByRole('treeitem').count()).toBe(101);
    await attribute('deep').getByRole('treeitem').first().focus();
    const levels = async () => attribute('deep').getByRole('treeitem').count();
    const before = await levels();
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('End');
    }
    await waitFor('deeper levels are open', async () => (await levels()) > before + 10);
    await attribute('n'.repeat(255)).waitFor();
    await attribute('').waitFor();
    const overflow = await details.evaluate(
      (element: { scrollWidth: number; clientWidth: number }) => element.scrollWidth - element.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);

    await node('auth_check').click();
    await details.getByText('The application recorded no attributes here.').waitFor();
    await node('ü'.repeat(127)).click();
    await details.getByRole('heading', { name: 'ü'.repeat(127) }).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });
});
