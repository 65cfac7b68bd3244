import type { MonitoringList } from '@flow-tracking/protocol';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { request, startTestBridge } from '../support/bridge';
import { launchBrowser, openPage } from '../support/browser';
import { freePort } from '../support/free-port';
import { startNode, untilHealthy, type TestProcess } from '../support/process';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../support/services';
import { waitFor } from '../support/wait-for';

const root = join(__dirname, '..', '..');
const tokens = { FLOW_READ_TOKENS: 'e2e-read', FLOW_CONTROL_TOKENS: 'e2e-control' };
const prefix = uniquePrefix();

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let browser: Browser;
const previews: TestProcess[] = [];
let adminUrl: string;
let viewerUrl: string;
let tokenlessUrl: string;

async function startPreview(env: Record<string, string>): Promise<string> {
  const port = await freePort();
  const preview = startNode([join(root, 'preview', 'dist', 'server.js')], {
    FLOW_PREVIEW_PORT: String(port),
    FLOW_BRIDGE_URL: bridge.url,
    FLOW_READ_TOKEN: 'e2e-read',
    FLOW_CONTROL_TOKEN: 'e2e-control',
    ...env,
  });
  previews.push(preview);
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(preview, `${url}/healthz`);
  return url;
}

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: { ...tokens, FLOW_PARTITIONS: '1' } });
  [adminUrl, viewerUrl, tokenlessUrl] = await Promise.all([
    startPreview({}),
    startPreview({ FLOW_PREVIEW_ROLE: 'Viewer' }),
    startPreview({ FLOW_CONTROL_TOKEN: 'e2e-read' }),
  ]);
  browser = await launchBrowser();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await Promise.all(previews.map((preview) => preview.stop()));
  await bridge.stop();
  await database.drop();
});

const reading: RequestInit = { headers: { authorization: 'Bearer e2e-read' } };

async function grantOf(user: string) {
  const { body } = await request(`${bridge.url}/api/v1/monitoring/list`, reading);
  return (body as MonitoringList).grants.find((grant) => grant.user_id === user);
}

const actions = (page: Page) => page.getByTestId('flow-monitoring-actions');

async function openLive(url: string, user: string) {
  const { page, errors } = await openPage(browser, { theme: 'dark' });
  await page.goto(`${url}/d/flow-live?var-user=${user}`);
  await page.locator('[data-testid="flow-connection"][data-state="live"]').waitFor();
  return { page, errors };
}

describe('monitoring in the panel', () => {
  it('is switched on, extended and off where the person looks, and by the keyboard alone', async () => {
    const { page, errors } = await openLive(adminUrl, 'maria');
    const opener = page.getByTestId('flow-empty').getByRole('button', { name: 'Switch on monitoring' });
    await opener.focus();
    await page.keyboard.press('Enter');
    await actions(page).getByLabel('Reason').fill('she says it hangs');
    await actions(page).getByRole('button', { name: 'Switch on for 15 min' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="flow-monitoring-actions"][data-on="true"]').waitFor();
    await page.locator('[data-testid="flow-monitoring"][data-on="true"]').waitFor();
    expect(await actions(page).getByTestId('flow-monitoring-state').textContent()).toMatch(
      /^On for user maria, 1[45] min left, until \d\d:\d\d\.$/,
    );
    const first = await grantOf('maria');
    expect(first?.reason).toBe('she says it hangs');
    expect(first!.expires_ts - Date.now()).toBeLessThanOrEqual(15 * 60_000);

    // The buttons that came in place of the one that was pressed have the focus.
    await page.locator(':focus', { hasText: 'Extend by 1 h' }).waitFor();
    await page.keyboard.press('Enter');
    await actions(page)
      .getByText(/^On for user maria, 1 h 1[3-5] min left/)
      .waitFor();
    const second = await grantOf('maria');
    expect(Math.abs(second!.expires_ts - first!.expires_ts - 3_600_000)).toBeLessThan(5_000);

    await actions(page).getByRole('button', { name: 'Switch off' }).press('Enter');
    await page.locator('[data-testid="flow-monitoring-actions"][data-on="false"]').waitFor();
    expect(await grantOf('maria')).toBeUndefined();

    await page.keyboard.press('Escape');
    await actions(page).waitFor({ state: 'detached' });
    await page.locator(':focus', { hasText: 'Switch on monitoring' }).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);

  it('cannot be pressed twice while a change is on its way', async () => {
    const { page } = await openLive(adminUrl, 'twice');
    let asked = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/monitoring/enable**', async (route) => {
      asked++;
      await held;
      await route.continue();
    });
    await page.getByTestId('flow-monitoring').click();
    const button = actions(page).getByRole('button', { name: 'Switch on for 1 h', exact: true });
    await button.click();
    await page.locator('[data-testid="flow-monitoring-actions"][aria-busy="true"]').waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    // A disabled button is still pressed, as a person in a hurry does.
    await button.dispatchEvent('click');
    release();
    await page.locator('[data-testid="flow-monitoring-actions"][data-on="true"]').waitFor();
    expect(asked).toBe(1);
    await page.close();
  }, 60_000);

  it('shows a viewer the buttons, and why they do nothing', async () => {
    const { page } = await openLive(viewerUrl, 'seen-by-a-viewer');
    let asked = 0;
    page.on('request', (sent) => (asked += Number(sent.url().includes('/monitoring/enable'))));
    await page.getByTestId('flow-monitoring').click();
    const button = actions(page).getByRole('button', { name: 'Switch on for 8 h' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await actions(page).getByText('Only Editors and Admins of Grafana can switch monitoring.').waitFor();
    await button.dispatchEvent('click');
    expect(asked).toBe(0);
    expect(await grantOf('seen-by-a-viewer')).toBeUndefined();
    await page.close();
  }, 60_000);

  it('says that the datasource has no control token', async () => {
    const { page } = await openLive(tokenlessUrl, 'nobody');
    await page.getByTestId('flow-monitoring').click();
    await actions(page).getByRole('button', { name: 'Switch on for 24 h' }).click();
    await actions(page)
      .getByRole('alert')
      .getByText(/no valid control token/)
      .waitFor();
    expect(await grantOf('nobody')).toBeUndefined();
    await page.close();
  }, 60_000);

  it('keeps the window open when the bridge fails, and does it again on request', async () => {
    const { page } = await openLive(adminUrl, 'retried');
    let fails = true;
    await page.route('**/api/v1/monitoring/enable**', (route) =>
      fails ? route.fulfill({ status: 502, body: '' }) : route.continue(),
    );
    await page.getByTestId('flow-monitoring').click();
    await actions(page).getByRole('button', { name: 'Switch on for 8 h' }).click();
    await actions(page)
      .getByRole('alert')
      .getByText(/bridge does not answer/)
      .waitFor();
    fails = false;
    await actions(page).getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-testid="flow-monitoring-actions"][data-on="true"]').waitFor();
    expect(await actions(page).getByRole('alert').count()).toBe(0);
    expect((await grantOf('retried'))!.expires_ts - Date.now()).toBeGreaterThan(7 * 3_600_000);
    await page.close();
  }, 60_000);

  it('is in the menu of a small panel', async () => {
    const { page } = await openPage(browser, { theme: 'light', width: 560, height: 700 });
    await page.goto(`${adminUrl}/d/flow-live?var-user=small`);
    await page.getByRole('button', { name: 'Panel menu' }).click();
    await page.getByRole('menuitem', { name: 'Switch on for 1 h' }).click();
    await waitFor('the grant', async () => (await grantOf('small')) !== undefined);
    await page.close();
  }, 60_000);
});
