import type { BrowserContext, Page } from 'playwright-core';
import { startTestBridge } from './support/bridge';
import { launchBrowser, openPage } from './support/browser';
import { startPreview } from './support/preview';
import { createTestDatabase, uniquePrefix, type TestDatabase } from './support/services';

const tokens = { FLOW_READ_TOKENS: 'e2e-read', FLOW_CONTROL_TOKENS: 'e2e-control' };
const ENABLE = '/api/datasources/proxy/uid/flow-tracking/api/v1/monitoring/enable?user=somebody';

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let browser: BrowserContext;
const previews: Awaited<ReturnType<typeof startPreview>>[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix(), env: tokens });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await Promise.all(previews.map((preview) => preview.stop()));
  await bridge.stop();
  await database.drop();
});

async function startAs(role: string): Promise<string> {
  const preview = await startPreview({
    bridgeUrl: bridge.url,
    readToken: 'e2e-read',
    controlToken: 'e2e-control',
    env: { FLOW_PREVIEW_ROLE: role },
  });
  previews.push(preview);
  return preview.url;
}

async function open(url: string): Promise<Page> {
  const { page } = await openPage(browser, { theme: 'dark' });
  await page.goto(url);
  return page;
}

const statusAs = async (url: string, role: string): Promise<number> =>
  (await fetch(`${url}${ENABLE}`, { method: 'POST', headers: { cookie: `flow-preview-role=${role}` } })).status;

describe('the preview', () => {
  it('lets a visitor be of a lower role, and of no higher one', async () => {
    const [asAdmin, asViewer] = [await startAs('Admin'), await startAs('Viewer')];
    expect([await statusAs(asAdmin, 'Viewer'), await statusAs(asAdmin, 'Editor')]).toEqual([403, 200]);
    expect([await statusAs(asViewer, 'Editor'), await statusAs(asViewer, 'Nobody')]).toEqual([403, 403]);
  });

  it('changes the role by its switch', async () => {
    const page = await open(await startAs('Admin'));
    await page.getByRole('button', { name: 'Role: Admin' }).click();
    await Promise.all([page.waitForNavigation(), page.getByRole('menuitem', { name: 'Viewer', exact: true }).click()]);
    await page.getByRole('button', { name: 'Role: Viewer' }).waitFor();
    expect(await page.evaluate('grafanaBootData.user.orgRole')).toBe('Viewer');
    await page.close();
  });

  it('names the app once above its pages, and leads to Explore only who may explore', async () => {
    const page = await open(`${await startAs('Editor')}/a/flowtracking-flows-app/running`);
    const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' });
    await crumbs.getByText('Running now').waitFor();
    expect(await crumbs.textContent()).toBe('HomeFlow trackingRunning now');
    await page.getByRole('button', { name: 'Pages' }).click();
    await page.getByRole('menuitem', { name: 'Explore' }).click();
    await page.getByRole('combobox', { name: 'Query', exact: true }).waitFor();
    await page.goto(`${await startAs('Viewer')}/explore`);
    await page.getByText('You do not have permission to see this page.').waitFor();
    await page.close();
  });

  it('gives names to the controls of a dashboard', async () => {
    const page = await open(`${await startAs('Viewer')}/d/flow-performance`);
    await page.getByRole('switch', { name: 'Failed flows' }).waitFor();
    await page.getByRole('button', { name: 'Refresh' }).first().waitFor();
    await page.close();
  });

  it("shows the data source's editor, and tests the data source", async () => {
    const page = await open(`${await startAs('Admin')}/connections/datasources/edit/flow-tracking`);
    await page.getByRole('heading', { name: 'Flow tracking' }).first().waitFor();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    expect(await page.getByTestId('health-check').textContent()).toContain('bridge');
    await page.close();
  });
});
