import type { MonitoringList } from '@flow-tracking/protocol';
import type { Page } from 'playwright-core';
import { seriousViolations } from '../support/axe';
import { chatFlow } from '../support/flow-events';
import { SOURCES, startTroubledBridges, type TroubledBridges } from '../support/troubled-bridges';
import { APP, stepsOn } from './app-stack';

/** The app's pages of several datasources, most of them with a bridge in trouble: each says what to do. */

let stack: TroubledBridges;

beforeAll(async () => {
  stack = await startTroubledBridges();
  await stack.well.record(chatFlow({ userId: 'of-well', startedTs: Date.now() - 9_000 }).slice(0, 5));
  await stack.other.record(chatFlow({ userId: 'of-other', startedTs: Date.now() - 9_000 }).slice(0, 5));
});
afterAll(() => stack.stop());

const THEMES = ['dark', 'light'] as const;

const openAt = (path: string, uid: string, theme: (typeof THEMES)[number] = 'dark') =>
  stack.open(`${APP}${path}`, { params: [['ds', uid]], theme });

const stepOf = (page: Page, id: string) => page.locator(`[data-step="${id}"]`);

describe('Start here', () => {
  it.each([
    [
      SOURCES.older,
      'dark',
      ['version fail', 'websocket fail', 'read-token ok', 'flow_stored ok'],
      /Update the bridge\.$/,
    ],
    [
      SOURCES.newer,
      'light',
      ['version fail', 'websocket fail', 'read-token ok', 'flow_stored ok'],
      /Update the plugin\.$/,
    ],
  ] as const)('says of %s which of the two to update, and looks at the rest', async (uid, theme, expected, fix) => {
    const { page, shot } = await openAt('/start', uid, theme);
    expect(await stepsOn(page)).toEqual(expect.arrayContaining(['proxy ok', ...expected]));
    expect(await stepOf(page, 'version').innerText()).toMatch(fix);
    await shot(`troubled-start-${uid}`);
    await page.close();
  });

  it.each([
    [SOURCES.wrongToken, 'light', ['proxy ok', 'version ok', 'read-token fail'], 'read-token', 'FLOW_READ_TOKENS'],
    [SOURCES.away, 'dark', ['proxy fail', 'version skip', 'read-token skip'], 'proxy', 'Start the bridge'],
  ] as const)('says what to do about %s', async (uid, theme, expected, step, fix) => {
    const { page, shot } = await openAt('/start', uid, theme);
    expect(await stepsOn(page)).toEqual(expect.arrayContaining([...expected]));
    expect(await stepOf(page, step).innerText()).toContain(fix);
    await shot(`troubled-start-${uid}`);
    await page.close();
  });
});

describe.each([
  ['Monitoring', '', 'monitoring-page'],
  ['Running now', '/running', 'running-page'],
])('%s', (_name, path, testId) => {
  it.each([
    [SOURCES.wrongToken, 'dark', 'The bridge refused the token. Check the tokens in the settings of the datasource.'],
    [SOURCES.away, 'light', 'Check that it runs and that the URL of the datasource is the one Grafana reaches it at.'],
  ] as const)('says what to do about %s', async (uid, theme, text) => {
    const { page, shot } = await openAt(path, uid, theme);
    await page.getByTestId(testId).getByRole('alert').getByText(text).waitFor();
    expect(await seriousViolations(page, `[data-testid="${testId}"]`)).toEqual([]);
    await shot(`troubled-${testId}-${uid}`);
    await page.close();
  });
});

describe('the picker of a datasource', () => {
  const running = (page: Page, user: string) => page.getByTestId('running-flow').getByText(user, { exact: true });

  it("shows another bridge's data, also after a reload and on the pages behind its links", async () => {
    const { page, errors, shot } = await stack.open(`${APP}/running`);
    await running(page, 'of-well').waitFor();
    await page.getByLabel('Datasource', { exact: true }).click();
    await page.getByRole('option', { name: SOURCES.other, exact: true }).click();
    await running(page, 'of-other').waitFor();
    expect(await running(page, 'of-well').count()).toBe(0);
    await page.reload();
    await running(page, 'of-other').waitFor();
    expect(await page.getByLabel('Datasource', { exact: true }).inputValue()).toBe(SOURCES.other);
    await shot('troubled-picker');

    await page.getByRole('link', { name: /^Watch/ }).click();
    await page.getByTestId('monitoring-page').waitFor();
    await page.getByRole('button', { name: 'Switch on monitoring' }).click();
    await page.locator('[data-testid="monitoring-grant"][data-user-id="of-other"]').waitFor();
    const monitored = async (of: TroubledBridges['well']): Promise<string[]> =>
      ((await of.ask('/api/v1/monitoring/list')).body as MonitoringList).grants.map((grant) => grant.user_id);
    expect([await monitored(stack.other), await monitored(stack.well)]).toEqual([['of-other'], []]);

    await page.goto(`${stack.previewUrl}${APP}/start?ds=${SOURCES.other}`);
    await page.getByRole('listitem').getByRole('link', { name: 'Running now' }).click();
    await running(page, 'of-other').waitFor();
    await page.goBack();
    await page.getByRole('listitem').getByRole('link', { name: 'Flow history' }).click();
    await page.getByRole('gridcell', { name: 'of-other', exact: true }).first().waitFor();
    expect(await page.getByRole('gridcell', { name: 'of-well', exact: true }).count()).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('an address of a datasource that is not here', () => {
  it('says so, and whose data is shown, until another is picked', async () => {
    const { page, shot } = await openAt('/running', 'gone', 'light');
    const said = page.getByText('There is no Flow tracking datasource “gone” here');
    await said.waitFor();
    await page.getByText('This page shows Flow tracking instead.').waitFor();
    await page.getByTestId('running-flow').getByText('of-well', { exact: true }).waitFor();
    await shot('troubled-absent-datasource');
    await page.getByLabel('Datasource', { exact: true }).click();
    await page.getByRole('option', { name: SOURCES.other, exact: true }).click();
    await said.waitFor({ state: 'detached' });
    await page.close();
  });
});

describe('the configuration of the app', () => {
  it.each(THEMES)('lists the datasources, and leads where it says, in the %s theme', async (theme) => {
    const { page, errors, shot } = await stack.open('/plugins/flowtracking-flows-app', { theme });
    const config = page.getByTestId('config-page');
    await config.getByText(/^Version \d/).waitFor();
    expect(await config.getByRole('link', { name: /^Settings of/ }).count()).toBe(Object.keys(SOURCES).length);
    expect(await seriousViolations(page, '[data-testid="config-page"]')).toEqual([]);
    await shot('troubled-config');
    if (theme === 'dark') return page.close();

    await config.getByRole('link', { name: `Settings of ${SOURCES.other}` }).click();
    await page.getByRole('heading', { name: SOURCES.other }).waitFor();
    await page.goBack();
    const behind: [link: string, testId: string][] = [
      ['Start here', 'start-page'],
      ['Running now', 'running-page'],
      ['Monitoring', 'monitoring-page'],
      ['Live flows', 'flow-panel'],
      ['Session detail', 'flow-panel'],
    ];
    for (const [name, testId] of behind) {
      await config.getByRole('link', { name, exact: true }).click();
      await page.getByTestId(testId).waitFor();
      await page.goBack();
      await config.waitFor();
    }
    for (const [name, title] of [
      ['Flow history', 'Flows, newest first'],
      ['Checkpoint performance', 'Checkpoints over the whole time range'],
    ] as const) {
      await config.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name: title }).waitFor();
      await page.goBack();
      await config.waitFor();
    }
    expect(errors).toEqual([]);
    await page.close();
  });
});
