import { connectHistory, insertFlows } from './support/history-rows';
import { SOURCES, startTroubledBridges, type TroubledBridges } from './support/troubled-bridges';

/** What is too much to be shown at once: a part of it is shown, and it is said which. */

const FLOWS = 10_000;
/** One flow in so many belongs to one long session. */
const IN_SESSION = 4;
const SPAN_MS = 5 * 3_600_000;
/** The bridge answers with 50,000 checkpoints at most, and a panel asks for no more once it has 100,000. */
const LARGE = { whole: 60_000, cut: 200_000 } as const;
const datasource = { type: 'flowtracking-flows-datasource', uid: SOURCES.well };

const latestOfUser = {
  uid: 'latest-of-user',
  title: 'Latest of user',
  tags: [],
  schemaVersion: 41,
  time: { from: 'now-6h', to: 'now' },
  templating: { list: [{ type: 'textbox', name: 'user', query: 'busy' }] },
  panels: [
    {
      id: 1,
      type: 'flowtracking-flowtree-panel',
      title: 'Latest flows',
      datasource,
      gridPos: { x: 0, y: 0, w: 24, h: 20 },
      fieldConfig: { defaults: {}, overrides: [] },
      options: { view: 'tree' },
      targets: [{ refId: 'A', datasource, queryType: 'history', select: 'user', user: '$user' }],
    },
  ],
};

let stack: TroubledBridges;

beforeAll(async () => {
  stack = await startTroubledBridges({ dashboards: [latestOfUser] });
  const client = await connectHistory(stack.well.databaseUrl);
  try {
    const lastMs = Date.now() - 60_000;
    const flows = Array.from({ length: FLOWS }, (_, i) => ({
      user_id: 'busy',
      started_ts: lastMs - (SPAN_MS * i) / FLOWS,
      ...(i % IN_SESSION === 0 && { session_id: 'long-session' }),
    }));
    await insertFlows(client, flows);
    for (const [name, size] of Object.entries(LARGE)) {
      const checkpoints = Array.from({ length: size }, (_, i) => `step_${i}`);
      await insertFlows(client, [{ user_id: 'large', session_id: name, checkpoints }]);
    }
  } finally {
    await client.end();
  }
});
afterAll(() => stack.stop());

describe('a user with 10,000 flows', () => {
  it.each(['dark', 'light'] as const)('has the newest in a table that says so, in the %s theme', async (theme) => {
    const { page, errors, shot } = await stack.open('/d/flow-history', { theme, params: [['var-user', 'busy']] });
    await page.getByRole('gridcell', { name: 'busy', exact: true }).first().waitFor();
    const text = 'Showing the latest 2,000 flows; older ones in this time range are left out.';
    await page.getByRole('button', { name: text }).hover();
    await page.getByRole('tooltip').getByText(text).waitFor();
    await page.getByText(/of 2000 rows/).waitFor();
    await shot('bad-many-flows-table');
    expect(errors).toEqual([]);
    await page.close();
  });

  it.each([
    [
      'the latest of the user',
      '/d/latest-of-user',
      [],
      /^Showing the latest 25 flows; older ones in this time range are/,
    ],
    [
      'a long session',
      '/d/flow-session',
      [['var-session', 'long-session']],
      /^Showing the latest 1,\d{3} flows of the session; older ones are left out\.$/,
    ],
  ] as const)('%s: the panel says how many are left out', async (name, path, params, text) => {
    const { page, errors, shot } = await stack.open(path, { params });
    await page.getByTestId('flow-notice').getByText(text).waitFor();
    await page.getByTestId('flow-node').first().waitFor();
    await shot(`bad-many-flows-${name.replaceAll(' ', '-')}`);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('is live with the newest, and keeps up', async () => {
    const { page, errors, shot } = await stack.open('/d/flow-live', { params: [['var-user', 'busy']] });
    await page.locator('[data-testid="flow-panel"][data-connection="live"]').waitFor();
    await page.getByTestId('flow-list-item').first().waitFor();
    await shot('bad-many-flows-live');
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('a flow that is larger than a page of history', () => {
  it('is loaded to its end', async () => {
    const { page, errors, shot } = await stack.open('/d/flow-session', {
      params: [
        ['var-session', 'whole'],
        ['fp-1-view', 'outline'],
      ],
    });
    await page.locator(`[data-testid="flow-panel"][data-nodes="${LARGE.whole}"]`).waitFor();
    expect(await page.getByTestId('flow-notice').count()).toBe(0);
    await page.locator('[data-testid="flow-node"][tabindex="0"]').press('End');
    await page.locator(`[data-testid="flow-node"][data-checkpoint="step_${LARGE.whole - 1}"]`).waitFor();
    await shot('bad-large-flow');
    expect(errors).toEqual([]);
    await page.close();
  });

  it('says how much of it is left out where that is too much', async () => {
    const { page, errors, shot } = await stack.open('/d/flow-session', { params: [['var-session', 'cut']] });
    const notice = page
      .getByTestId('flow-notice')
      .getByText(/^Showing 1\d\d,\d{3} of 200,000 checkpoints; the others are left out\.$/);
    const shown = Number(/Showing ([\d,]+)/.exec(await notice.innerText())?.[1]?.replace(',', ''));
    expect(shown).toBeGreaterThanOrEqual(100_000);
    await page.locator(`[data-testid="flow-panel"][data-nodes="${shown}"]`).waitFor();
    await shot('bad-larger-flow');
    expect(errors).toEqual([]);
    await page.close();
  });
});
