import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { request, startTestBridge } from './support/bridge';
import { launchBrowser, openPage } from './support/browser';
import { addEvents, chatFlow, untilSettled } from './support/flow-events';
import { startPreview } from './support/preview';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './support/services';

/** Every kind of query shows what the bridge knows, in panels of Grafana's own, with the values of variables. */

const root = join(__dirname, '..');
const screenshots = join(root, 'test-results');
const datasource = { type: 'flowtracking-flows-datasource', uid: 'flow-tracking' };
const prefix = uniquePrefix();
const keys = redisKeys(prefix);
const NASTY = '#h?x&y=1';

const panel = (id: number, type: string, title: string, target: object) => ({
  id,
  type,
  title,
  datasource,
  gridPos: { x: id % 2 === 1 ? 0 : 12, y: 9 * Math.floor((id - 1) / 2), w: 12, h: 9 },
  fieldConfig: { defaults: {}, overrides: [] },
  options: {},
  targets: [{ refId: 'A', datasource, ...target }],
});

const variable = (name: string, query: unknown) => ({
  ...{ type: 'query', name, datasource, query, refresh: 1, multi: true, includeAll: true },
  current: { text: ['All'], value: ['$__all'] },
});

const dashboard = {
  uid: 'query-kinds',
  title: 'Query kinds',
  tags: [],
  schemaVersion: 41,
  time: { from: 'now-1h', to: 'now' },
  annotations: {
    list: [
      {
        name: 'Monitoring',
        enable: true,
        iconColor: 'blue',
        datasource,
        target: { refId: 'Anno', queryType: 'annotations', annotate: 'monitoring' },
      },
    ],
  },
  templating: {
    list: [
      variable('user', { select: 'users', search: '$__searchFilter' }),
      variable('checkpoint', { select: 'checkpoints' }),
      variable('service', 'services()'),
    ],
  },
  panels: [
    panel(1, 'table', 'Running now', { queryType: 'running', user: '$user', service: '$service' }),
    panel(2, 'table', 'Flow list', { queryType: 'flow-list', user: '$user', checkpoint: '$checkpoint' }),
    panel(3, 'timeseries', 'p95', { queryType: 'checkpoint-stats', figures: ['p95_ms'], checkpoint: '$checkpoint' }),
    panel(4, 'table', 'Summary', { queryType: 'checkpoint-stats', view: 'summary' }),
    panel(5, 'table', 'Monitored', { queryType: 'monitored-users', user: '$user' }),
    panel(6, 'table', 'Of nobody', { queryType: 'flow-list', user: '$nobody' }),
  ],
};

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let redis: Redis;
let preview: Awaited<ReturnType<typeof startPreview>>;
let browser: BrowserContext;
let provisioning: string | undefined;

beforeAll(async () => {
  await mkdir(screenshots, { recursive: true });
  database = await createTestDatabase();
  const env = { FLOW_READ_TOKENS: 'e2e-read', FLOW_CONTROL_TOKENS: 'e2e-control' };
  bridge = await startTestBridge({ databaseUrl: database.url, prefix, env });
  redis = new Redis(redisUrl());
  await addEvents(redis, keys, chatFlow({ userId: NASTY, startedTs: Date.now() - 120_000 }));
  await addEvents(redis, keys, chatFlow({ userId: 'other', startedTs: Date.now() - 110_000 }));
  // One that stays open at its tool.
  await addEvents(redis, keys, chatFlow({ userId: NASTY, startedTs: Date.now() - 60_000 }).slice(0, 5));
  await untilSettled(redis, keys);
  await request(`${bridge.url}/api/v1/monitoring/enable?user=${encodeURIComponent(NASTY)}&reason=looking`, {
    method: 'POST',
    headers: { authorization: 'Bearer e2e-control' },
  });
  provisioning = await mkdtemp(join(tmpdir(), 'flow-provisioning-'));
  await cp(join(root, 'provisioning'), provisioning, { recursive: true });
  await writeFile(join(provisioning, 'dashboards', 'flow-tracking', 'query-kinds.json'), JSON.stringify(dashboard));
  preview = await startPreview({
    bridgeUrl: bridge.url,
    readToken: 'e2e-read',
    controlToken: 'e2e-control',
    env: { FLOW_PREVIEW_PROVISIONING_DIR: provisioning },
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await preview?.stop();
  await bridge?.stop();
  await redis?.del(...(await redis.keys(`${prefix}*`)), `${prefix}:none`);
  await redis?.quit();
  await database?.drop();
  if (provisioning !== undefined) await rm(provisioning, { recursive: true, force: true });
});

describe('a dashboard of all kinds of queries', () => {
  it('shows what the bridge knows, and of one chosen user only what is theirs', async () => {
    const { page, errors } = await openPage(browser, { theme: 'dark' });
    await page.setViewportSize({ width: 1440, height: 1100 });
    await page.goto(`${preview.url}/d/query-kinds`);
    const of = (title: string) => page.locator('section', { has: page.getByRole('heading', { name: title }) });
    await of('Running now').getByText('tool_call').waitFor();
    await of('Running now').getByText('Waits for').waitFor();
    await of('Running now').getByText('search', { exact: true }).waitFor();
    await of('Flow list').getByText('other', { exact: true }).waitFor();
    await of('Summary').getByText('llm_thinking').waitFor();
    await of('Monitored').getByText('looking').waitFor();
    await of('p95').locator('canvas').first().waitFor();
    await of('Of nobody').getByText(NASTY).waitFor({ state: 'detached' });
    await page.screenshot({ path: join(screenshots, 'query-kinds.png') });

    await page.goto(`${preview.url}/d/query-kinds?${new URLSearchParams([['var-user', NASTY]]).toString()}`);
    await of('Flow list').getByText(NASTY).first().waitFor();
    expect(await of('Flow list').getByText('other', { exact: true }).count()).toBe(0);
    await page.screenshot({ path: join(screenshots, 'query-kinds-of-one.png') });
    expect(errors).toEqual([]);
    await page.close();
  });

  it('passes its own test, with each part that was looked at', async () => {
    const { page, errors } = await openPage(browser, { theme: 'light' });
    await page.goto(`${preview.url}/connections/datasources/edit/flow-tracking`);
    await page.getByText('Connection', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByTestId('health-check').getByText('can be reached by WebSocket. 2 users had flows').waitFor();
    await page.screenshot({ path: join(screenshots, 'datasource-settings.png'), fullPage: true });
    expect(errors).toEqual([]);
    await page.close();
  });
});
