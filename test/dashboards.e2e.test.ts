import type { MonitoringList } from '@flow-tracking/protocol';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser, openPage } from './support/browser';
import { request, startTestBridge } from './support/bridge';
import { freePort } from './support/free-port';
import { startPreview } from './support/preview';
import { startNode, untilHealthy, type TestProcess } from './support/process';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

const root = join(__dirname, '..');
const screenshots = join(root, 'test-results');
const prefix = uniquePrefix();
const tokens = { FLOW_READ_TOKENS: 'e2e-read', FLOW_CONTROL_TOKENS: 'e2e-control' };

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let chat: TestProcess;
let preview: Awaited<ReturnType<typeof startPreview>>;
let browser: BrowserContext;
let chatUrl: string;
let previewUrl: string;

beforeAll(async () => {
  await mkdir(screenshots, { recursive: true });
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: { ...tokens, FLOW_PARTITIONS: '4' } });
  const chatPort = await freePort();
  chatUrl = `http://127.0.0.1:${chatPort}`;
  chat = startNode([join(root, 'examples', 'chat-server', 'dist', 'main.js')], {
    REDIS_URL: redisUrl(),
    FLOW_PREFIX: prefix,
    FLOW_DEMO_PORT: String(chatPort),
    FLOW_DEMO_TRAFFIC: 'off',
  });
  await untilHealthy(chat, `${chatUrl}/healthz`);
  preview = await startPreview({ bridgeUrl: bridge.url, readToken: 'e2e-read', controlToken: 'e2e-control' });
  previewUrl = preview.url;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await Promise.all([chat.stop(), preview.stop()]);
  await bridge.stop();
  await database.drop();
});

const ask = (user: string, message = 'Hello') =>
  fetch(`${chatUrl}/api/v1/ask/stream`, {
    method: 'POST',
    headers: { authorization: `Bearer demo-${user}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
  });

const authorized = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

const enable = (user: string) =>
  request(`${bridge.url}/api/v1/monitoring/enable/${user}?ttl_hours=1`, {
    method: 'POST',
    ...authorized('e2e-control'),
  });

/** The nodes on the page: id, checkpoint, status. */
async function nodesOn(page: Page): Promise<string[]> {
  const nodes = await page
    .getByTestId('flow-node')
    .evaluateAll((elements: { getAttribute(name: string): string | null }[]) =>
      elements.map((element) =>
        ['data-node-id', 'data-checkpoint', 'data-status'].map((name) => element.getAttribute(name)).join(' '),
      ),
    );
  return nodes.sort((a, b) => parseInt(a) - parseInt(b));
}

const node = (page: Page, checkpoint: string, status: string) =>
  page.locator(`[data-testid="flow-node"][data-checkpoint="${checkpoint}"][data-status="${status}"]`).first();

describe('the Live flows dashboard', () => {
  it('grows a tree while the request runs, and shows the same after a reload and in the session', async () => {
    await enable('123');
    const { page, errors } = await openPage(browser, { theme: 'dark' });
    await page.goto(`${previewUrl}/d/flow-live?var-user=123`);
    await page.locator('[data-testid="flow-connection"][data-state="live"]').waitFor();

    let running = true;
    const answer = await ask('123');
    const finished = answer.text().then(() => (running = false));
    await node(page, 'auth_check', 'ok').waitFor();
    await node(page, 'llm_thinking', 'running').waitFor();
    await node(page, 'tool_call', 'running').waitFor();
    expect(running).toBe(true);
    await page.screenshot({ path: join(screenshots, 'live-running-dark.png') });
    await finished;
    await node(page, 'llm_complete', 'ok').waitFor();
    await node(page, 'llm_thinking', 'ok').waitFor();
    await page.locator('[data-testid="flow-list-item"][data-status="ok"]').first().waitFor();
    const live = await nodesOn(page);
    expect(live.map((entry) => entry.split(' ')[1])).toEqual(
      expect.arrayContaining(['auth_check', 'block_check', 'usage_check', 'llm_thinking', 'tool_call', 'llm_complete']),
    );

    const { body } = await waitFor('the flow has ended in history', async () => {
      const answer = await request(`${bridge.url}/api/v1/flows/user/123`, authorized('e2e-read'));
      return answer.body.flows[0]?.status === 'ok' && answer;
    });
    await page.reload();
    await node(page, 'llm_complete', 'ok').waitFor();
    expect(await nodesOn(page)).toEqual(live);

    await page.goto(`${previewUrl}/d/flow-session?var-user=123&var-session=${body.flows[0].session_id}`);
    await node(page, 'llm_complete', 'ok').waitFor();
    expect(await nodesOn(page)).toEqual(live);
    await page.screenshot({ path: join(screenshots, 'session-dark.png') });
    expect(errors).toEqual([]);
    await page.close();
  });

  it('leaves out the data source that is provisioned for Grafana’s own plugin, and says so', async () => {
    expect(preview.output()).toContain('no plugin grafana-postgresql-datasource here');
    const { body } = await request(`${previewUrl}/api/datasources`);
    expect((body as { uid: string }[]).map(({ uid }) => uid)).toEqual(['flow-tracking']);
  });

  it('says when monitoring is off', async () => {
    const { page, errors } = await openPage(browser, { theme: 'light' });
    await page.goto(`${previewUrl}/d/flow-live?var-user=nobody&theme=light`);
    await page
      .getByText(/monitoring is off/i)
      .first()
      .waitFor();
    await page.screenshot({ path: join(screenshots, 'live-empty-light.png') });
    expect(errors).toEqual([]);
    await page.close();
  });

  it('shows a failing tool as an error', async () => {
    await enable('alice');
    const { page } = await openPage(browser, { theme: 'light' });
    await page.goto(`${previewUrl}/d/flow-live?var-user=alice&theme=light`);
    await page.locator('[data-testid="flow-connection"][data-state="live"]').waitFor();
    const answer = await ask('alice', 'please fail');
    await node(page, 'tool_call', 'error').waitFor();
    await page.screenshot({ path: join(screenshots, 'live-error-light.png') });
    await answer.text();
    await page.close();
  });
});

describe('the flow panel', () => {
  it('shows the same flow and checkpoint after a reload, and follows again by a key', async () => {
    await enable('dora');
    const [older, newer] = [await ask('dora').then((answer) => answer.text()), await ask('dora')];
    expect(older).not.toBe('');
    await newer.text();
    const { page, errors } = await openPage(browser, { theme: 'dark' });
    await page.goto(`${previewUrl}/d/flow-live?var-user=dora`);
    const panel = page.getByTestId('flow-panel');
    const items = page.getByTestId('flow-list-item');
    await items.nth(1).click();
    await node(page, 'llm_complete', 'ok').click();
    await page.getByTestId('flow-node-details').waitFor();
    const [newest, picked] = await Promise.all([0, 1].map((i) => items.nth(i).getAttribute('data-flow-id')));
    expect(await panel.getAttribute('data-flow')).toBe(picked);
    await page.waitForURL((url) => url.searchParams.has('fp-1-node'));

    await page.reload();
    await page.getByTestId('flow-node-details').getByText('llm_complete').waitFor();
    expect(await panel.getAttribute('data-flow')).toBe(picked);
    await page.getByTestId('flow-rail').press('l');
    await page.locator(`[data-testid="flow-panel"][data-flow="${newest}"]`).waitFor();
    await page.getByTestId('flow-rail').press(']');
    await page.locator(`[data-testid="flow-panel"][data-flow="${picked}"]`).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('the app page', () => {
  it('switches monitoring on and off for a user', async () => {
    const { page, errors } = await openPage(browser, { theme: 'dark' });
    await page.goto(`${previewUrl}/a/flowtracking-flows-app`);
    await page.getByLabel(/user/i).first().fill('carol');
    await page.getByRole('button', { name: /enable|switch on/i }).click();
    await page.getByText('carol').first().waitFor();
    const has = async (): Promise<boolean> => {
      const { body } = await request(`${bridge.url}/api/v1/monitoring/list`, authorized('e2e-read'));
      return (body as MonitoringList).grants.some((grant) => grant.user_id === 'carol');
    };
    expect(await has()).toBe(true);
    await page.screenshot({ path: join(screenshots, 'app-dark.png') });
    await page
      .getByRole('row', { name: /carol/ })
      .getByRole('button', { name: /disable|switch off/i })
      .click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /switch off/i })
      .click();
    await waitFor('the grant is gone', async () => !(await has()));
    expect(errors).toEqual([]);
    await page.close();
  });
});
