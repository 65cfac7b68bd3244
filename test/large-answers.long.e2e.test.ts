import { connectHistory, insertFlows } from './support/history-rows';
import { FLOW_SOURCE, panelDashboard } from './support/panel-dashboard';
import { startTroubledBridges, type TroubledBridges } from './support/troubled-bridges';

/** What is too much to be shown at once: a part of it is shown, and it is said which. */

const FLOWS = 10_000;
/** One flow in so many belongs to one long session. */
const IN_SESSION = 4;
const SPAN_MS = 5 * 3_600_000;
/** The bridge answers with 50,000 checkpoints at most. */
const LARGE_CHECKPOINTS = 60_000;

const latestOfUser = {
  ...panelDashboard('latest-of-user', {
    targets: [{ refId: 'A', datasource: FLOW_SOURCE, queryType: 'history', select: 'user', user: '$user' }],
  }),
  time: { from: 'now-6h', to: 'now' },
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
    const checkpoints = Array.from({ length: LARGE_CHECKPOINTS }, (_, i) => `step_${i}`);
    await insertFlows(client, [{ user_id: 'large', session_id: 'large', checkpoints }]);
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
      [['var-user', 'busy']],
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
        ['var-session', 'large'],
        ['fp-1-view', 'outline'],
      ],
    });
    await page.locator(`[data-testid="flow-panel"][data-nodes="${LARGE_CHECKPOINTS}"]`).waitFor();
    expect(await page.getByTestId('flow-notice').count()).toBe(0);
    await page.locator('[data-testid="flow-node"][tabindex="0"]').press('End');
    await page.locator(`[data-testid="flow-node"][data-checkpoint="step_${LARGE_CHECKPOINTS - 1}"]`).waitFor();
    await shot('bad-large-flow');
    expect(errors).toEqual([]);
    await page.close();
  });
});
