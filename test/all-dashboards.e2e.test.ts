import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { request, startTestBridge } from './support/bridge';
import { launchBrowser, openPage } from './support/browser';
import { addEvents, chatFlow } from './support/flow-events';
import { startPreview } from './support/preview';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

/** Every dashboard but that of the bridges, which asks Prometheus: real data, its filters, its links. */

const screenshots = join(__dirname, '..', 'test-results');
const prefix = uniquePrefix();
const keys = redisKeys(prefix);
const tokens = { FLOW_READ_TOKENS: 'e2e-read', FLOW_CONTROL_TOKENS: 'e2e-control' };
const NASTY = '#h?x&y=1';

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let preview: Awaited<ReturnType<typeof startPreview>>;
let redis: Redis;
let browser: BrowserContext;

const asReader: RequestInit = { headers: { authorization: 'Bearer e2e-read' } };

beforeAll(async () => {
  await mkdir(screenshots, { recursive: true });
  redis = new Redis(redisUrl());
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env: tokens });
  preview = await startPreview({ bridgeUrl: bridge.url, readToken: 'e2e-read', controlToken: 'e2e-control' });
  browser = await launchBrowser();
  const startedTs = Date.now() - 5 * 60_000;
  await addEvents(redis, keys, chatFlow({ userId: NASTY, sessionId: 'a/b', startedTs }));
  await addEvents(redis, keys, chatFlow({ userId: 'ann', sessionId: 'ann-1', startedTs: startedTs + 1_000 }));
  // One that hangs in its call of the model.
  const hanging = chatFlow({ userId: 'hanging', sessionId: 'stuck', startedTs });
  await addEvents(redis, keys, hanging.slice(0, 4));
  await waitFor('history has all three', async () => {
    const { body } = await request(`${bridge.url}/api/v1/flows`, asReader);
    return (body as { flows: unknown[] }).flows.length === 3;
  });
});

afterAll(async () => {
  await browser.close();
  await preview.stop();
  await bridge.stop();
  await redis.quit();
  await database.drop();
});

async function open(path: string): Promise<{ page: Page; errors: string[] }> {
  const opened = await openPage(browser, { theme: 'dark', width: 1440, height: 1900 });
  await opened.page.goto(new URL(path, preview.url).href);
  return opened;
}

const panelOf = (page: Page, title: string) => page.locator('section', { has: page.getByText(title, { exact: true }) });
const cell = (page: Page, text: string) => page.getByRole('gridcell', { name: text, exact: true }).first();

/** Runs in the page: whether the canvas of the heat map has a cell. */
const HAS_CELL = `(() => {
  const canvas = document.querySelector('canvas[role="img"]');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value) => value > 0);
})()`;

describe('the dashboards', () => {
  it('Running now has what hangs, also of a user who is not monitored, and not what has ended', async () => {
    const { page, errors } = await open('/d/flow-running');
    await cell(page, 'hanging').waitFor();
    expect(await page.getByRole('gridcell', { name: 'ann', exact: true }).count()).toBe(0);
    await panelOf(page, 'Flows that run').getByText('1', { exact: true }).waitFor();
    await page.screenshot({ path: join(screenshots, 'running-now.png') });
    expect(errors).toEqual([]);
    await page.close();
  });

  it('Flow history filters by its variables, and leads to the session of an awkward id', async () => {
    const { page, errors } = await open(`/d/flow-history?from=now-1h&to=now&var-user=${encodeURIComponent(NASTY)}`);
    await cell(page, NASTY).waitFor();
    expect(await page.getByRole('gridcell', { name: 'ann', exact: true }).count()).toBe(0);
    await page.screenshot({ path: join(screenshots, 'flow-history.png') });
    await page.locator('[role="gridcell"] a', { hasText: 'a/b' }).first().click();
    await page.locator('[data-testid="flow-node"]').first().waitFor();
    const asked = new URL(page.url()).searchParams;
    expect([asked.get('var-user'), asked.get('var-session'), asked.get('from')]).toEqual([NASTY, 'a/b', 'now-1h']);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('Flow history offers its users before anything is typed, and then those who match', async () => {
    const { page, errors } = await open('/d/flow-history?from=now-1h&to=now');
    await cell(page, 'ann').waitFor();
    await page.getByLabel('User', { exact: true }).first().click();
    const option = (name: string) => page.getByRole('option', { name, exact: true });
    await option(NASTY).waitFor();
    await option('ann').waitFor();
    await page.keyboard.type('hang');
    await option('ann').waitFor({ state: 'detached' });
    await option('hanging').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('Checkpoint performance asks for the figures of all its graphs once', async () => {
    const { page, errors } = await open('about:blank');
    const asked: string[] = [];
    page.on('request', (made) => asked.push(new URL(made.url()).pathname));
    await page.goto(`${preview.url}/d/flow-performance?from=now-30m&to=now`);
    await panelOf(page, 'Rate').getByText('llm_thinking', { exact: true }).waitFor();
    await panelOf(page, '99 % are quicker than').getByText('llm_thinking', { exact: true }).waitFor();
    expect(asked.filter((path) => path.endsWith('/stats/checkpoints'))).toHaveLength(1);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('Flow history says what it means that no flow passes', async () => {
    const { page, errors } = await open('/d/flow-history?var-status=lost');
    await page.getByText('No flow of this time passes the filters.', { exact: false }).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('Checkpoint performance has figures of every checkpoint, over time and in all', async () => {
    const { page, errors } = await open('/d/flow-performance?from=now-30m&to=now');
    await cell(page, 'llm_thinking').waitFor();
    await panelOf(page, 'Rate').getByText('llm_thinking', { exact: true }).waitFor();
    await panelOf(page, 'How long checkpoints take').getByRole('img', { name: 'Heat map' }).waitFor();
    await waitFor('cells of the heat map are drawn', () => page.evaluate<boolean>(HAS_CELL));
    await page.screenshot({ path: join(screenshots, 'checkpoint-performance.png') });
    expect(errors).toEqual([]);
    await page.close();
  });

  it('Checkpoint performance marks failed flows and switched monitoring', async () => {
    await request(`${bridge.url}/api/v1/monitoring/enable/ann?ttl_hours=1`, {
      method: 'POST',
      headers: { authorization: 'Bearer e2e-control' },
    });
    const { page, errors } = await open('/d/flow-performance?from=now-30m&to=now%2B1m');
    await page.getByTestId('annotation').first().waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('links one dashboard to the others, with variables and time range', async () => {
    const { page, errors } = await open('/d/flow-history?from=now-2h&to=now&var-user=ann');
    await page.getByRole('link', { name: 'Live flows', exact: true }).click();
    await page.getByTestId('flow-panel').waitFor();
    const asked = new URL(page.url()).searchParams;
    expect([asked.get('var-user'), asked.get('from')]).toEqual(['ann', 'now-2h']);
    expect(errors).toEqual([]);
    await page.close();
  });
});
