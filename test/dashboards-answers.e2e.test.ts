import { LIMITS, redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser, openPage } from './support/browser';
import { request, startTestBridge } from './support/bridge';
import { addEvents, chatFlow, untilSettled } from './support/flow-events';
import { FLOW_SOURCE, panelDashboard } from './support/panel-dashboard';
import { startPreview } from './support/preview';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './support/services';
import { waitFor } from './support/wait-for';

/** Nobody is shown anything but what they asked for, whatever the ids hold; and what is not shown is said. */

const root = join(__dirname, '..');
const screenshots = join(root, 'test-results');
const prefix = uniquePrefix();
const keys = redisKeys(prefix);
/** More checkpoints than one query shows, which is 100,000 and the rest of a page. */
const HUGE_CHECKPOINTS = 150_000;

/** Each of them is somebody else than each of the others, also after trimming, decoding or normalising. */
const NASTY_IDS = [
  ' lead',
  'lead',
  '.',
  '..',
  '#h?x&y=1',
  '#h?x',
  'a/b',
  'a%2Fb',
  '100%',
  'a+b',
  '"🙂"',
  '{a,b}',
  '$user',
  '1e3',
  'x'.repeat(LIMITS.idBytes),
];

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let redis: Redis;
let preview: Awaited<ReturnType<typeof startPreview>>;
let browser: BrowserContext;
let url: string;
let provisioning: string | undefined;
/** Flow and session of each user. */
const recorded = new Map<string, { flowId: string; sessionId: string }>();

async function record(user: string, sessionId: string): Promise<void> {
  const events = chatFlow({ userId: user, sessionId, startedTs: Date.now() - 60_000 });
  recorded.set(user, { flowId: events[0]!.flow_id, sessionId });
  await addEvents(redis, keys, events);
}

/** A dashboard with one panel, whose user is a variable of several values. */
const ofSeveral = (uid: string, queryType: string, user: object) => ({
  ...panelDashboard(uid, {
    targets: [{ refId: 'A', datasource: FLOW_SOURCE, queryType, select: 'user', user: '$user' }],
  }),
  templating: { list: [{ name: 'user', datasource: FLOW_SOURCE, refresh: 1, multi: true, includeAll: true, ...user }] },
});

const ofUsers = { type: 'query', query: 'users()' };

/** Grafana's provisioning folder with further dashboards. */
async function writeProvisioning(folder: string): Promise<void> {
  await cp(join(root, 'provisioning'), folder, { recursive: true });
  const added = [
    ofSeveral('several-live', 'live', ofUsers),
    ofSeveral('several-history', 'history', ofUsers),
    ofSeveral('listed-history', 'history', { type: 'custom', query: 'lead, 1e3' }),
  ];
  for (const dashboard of added) {
    await writeFile(join(folder, 'dashboards', 'flow-tracking', `${dashboard.uid}.json`), JSON.stringify(dashboard));
  }
}

/** Stores a flow whose checkpoints are more than a query shows; returns its session. */
async function recordHuge(): Promise<string> {
  const [start] = chatFlow({ userId: 'huge', startedTs: Date.now() - 60_000 });
  const id = start!.flow_id;
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const day = new Date(start!.ts).toISOString().slice(0, 10);
    await client.query(
      `INSERT INTO flow.flows (flow_day, flow_id, session_id, session_seq, user_id, user_seq, name, service, instance,
         status, started_at, ended_at, duration_ms, checkpoint_count, last_seq, last_event_at)
       VALUES ($1, $2, $2, 0, 'huge', 0, 'POST /huge', 'chat', 'chat-1', 'ok', now() - interval '1 minute', now(), 60000,
         $3, $3, now())`,
      [day, id, HUGE_CHECKPOINTS],
    );
    await client.query(
      `INSERT INTO flow.checkpoints (flow_day, flow_id, node_id, parent_id, checkpoint, status, started_at, duration_ms)
       SELECT $1, $2, n, NULL, 'step', 'ok', now() - interval '1 minute' + n * interval '100 microseconds', 0.1
       FROM generate_series(1, $3::integer) AS n`,
      [day, id, HUGE_CHECKPOINTS],
    );
  } finally {
    await client.end();
  }
  return id;
}

beforeAll(async () => {
  await mkdir(screenshots, { recursive: true });
  database = await createTestDatabase();
  bridge = await startTestBridge({
    databaseUrl: database.url,
    prefix,
    env: { FLOW_READ_TOKENS: 'e2e-read', FLOW_CONTROL_TOKENS: 'e2e-control' },
  });
  redis = new Redis(redisUrl());
  for (const [i, id] of NASTY_IDS.entries()) await record(id, `session of ${i}: ${id}`.slice(0, 200));
  await untilSettled(redis, keys);

  provisioning = await mkdtemp(join(tmpdir(), 'flow-provisioning-'));
  await writeProvisioning(provisioning);
  preview = await startPreview({
    bridgeUrl: bridge.url,
    readToken: 'e2e-read',
    controlToken: 'e2e-control',
    env: { FLOW_PREVIEW_PROVISIONING_DIR: provisioning },
  });
  url = preview.url;
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

const flowOf = (user: string): string => recorded.get(user)!.flowId;

interface Rail {
  scrollTop: number;
  readonly clientHeight: number;
}

/** The flows that the page lists; of a long list only what is in sight is drawn, so it is paged through. */
async function flowsOn(page: Page): Promise<(string | null)[]> {
  const rail = page.getByTestId('flow-rail');
  const found = new Set<string | null>();
  if ((await rail.count()) === 0) return [];
  await rail.evaluate((element: Rail) => (element.scrollTop = 0));
  for (let before = -1, at = 0; at > before;) {
    // Two pictures, after which the rows in sight are drawn.
    await page.waitForTimeout(50);
    const ids = await page
      .getByTestId('flow-list-item')
      .evaluateAll((items: { getAttribute(name: string): string | null }[]) =>
        items.map((item) => item.getAttribute('data-flow-id')),
      );
    for (const id of ids) found.add(id);
    before = at;
    await rail.evaluate((element: Rail) => (element.scrollTop += element.clientHeight));
    at = await rail.evaluate((element: Rail) => element.scrollTop);
  }
  return [...found];
}

/** Waits until the page lists exactly these users' flows. */
async function untilFlowsOf(page: Page, users: readonly string[]): Promise<void> {
  const expected = users.map(flowOf).sort();
  await waitFor(
    `the flows of ${JSON.stringify(users).slice(0, 200)}`,
    async () => JSON.stringify((await flowsOn(page)).sort()) === JSON.stringify(expected),
    20_000,
  );
}

const open = (page: Page, path: string, params: [string, string][] = []) =>
  page.goto(`${url}${path}?${new URLSearchParams(params).toString()}`);

async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

describe('a dashboard of somebody who is not there', () => {
  it.each([
    ['session of an unknown user', '/d/flow-session', [['var-user', 'nobody-ever']], 'No session is chosen'],
    ['session of no user', '/d/flow-session', [['var-user', '']], 'No session is chosen'],
    [
      'unknown session',
      '/d/flow-session',
      [
        ['var-user', 'lead'],
        ['var-session', 'none'],
      ],
      'No session none in history',
    ],
    ['live without a user', '/d/flow-live', [['var-user', '']], 'No user is chosen'],
    ['live of a blank', '/d/flow-live', [['var-user', ' ']], 'No flows of user   yet'],
    ['live of an unknown user', '/d/flow-live', [['var-user', 'nobody-ever']], 'No flows of user nobody-ever yet'],
  ] as [string, string, [string, string][], string][])(
    '%s: lists nothing and says so',
    async (name, path, params, text) => {
      const { page, errors } = await openPage(browser, { theme: 'dark' });
      await open(page, path, params);
      const empty = page.getByTestId('flow-empty');
      await empty.getByText(text.trim().replace(/\s+/g, ' ')).waitFor();
      expect(await flowsOn(page)).toEqual([]);
      await shot(page, `nobody-${name.replaceAll(' ', '-')}`);
      // The browser logs that an unknown session is not found.
      expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
      await page.close();
    },
  );
});

describe('ids that need care', () => {
  it('lead from the grant to the live flows, the session and back, each to its own user alone', async () => {
    const { page, errors } = await openPage(browser, { theme: 'dark' });
    await open(page, '/a/flowtracking-flows-app');
    const grantOf = (index: number) => page.getByTestId('monitoring-grant').nth(index);
    const granted = async (): Promise<(string | null)[]> =>
      page
        .getByTestId('monitoring-grant')
        .evaluateAll((rows: { getAttribute(name: string): string | null }[]) =>
          rows.map((row) => row.getAttribute('data-user-id')),
        );
    for (const id of NASTY_IDS) {
      await page.getByLabel('User id').fill(id);
      await page.getByRole('button', { name: 'Switch on monitoring' }).click();
      await waitFor(`a grant of ${JSON.stringify(id)}`, async () => (await granted()).includes(id), 20_000);
    }
    expect((await granted()).sort()).toEqual([...NASTY_IDS].sort());
    await shot(page, 'grants-of-nasty-ids');

    const links = new Map<string, string | null>();
    for (const [i, id] of (await granted()).entries()) {
      links.set(id!, await grantOf(i).getByRole('link', { name: 'Live flows' }).getAttribute('href'));
    }
    for (const id of NASTY_IDS) {
      await page.goto(`${url}${links.get(id)}`);
      await untilFlowsOf(page, [id]);
      await page.locator('[data-testid="flow-monitoring"][data-on="true"]').waitFor();
      await page.getByRole('link', { name: 'Session detail' }).last().click();
      await page.waitForURL(/flow-session/);
      await untilFlowsOf(page, [id]);
      await page.getByRole('link', { name: 'Live flows of this user' }).click();
      await page.waitForURL(/flow-live/);
      await untilFlowsOf(page, [id]);
    }
    await shot(page, 'live-of-a-nasty-id');

    await open(page, '/a/flowtracking-flows-app');
    await waitFor('the grants', async () => (await granted()).length === NASTY_IDS.length);
    for (const id of NASTY_IDS) {
      // By its place: a name is looked for with its blanks joined.
      const row = grantOf((await granted()).indexOf(id));
      await row.getByRole('button', { name: 'Switch off monitoring' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
      await waitFor(`no grant of ${JSON.stringify(id)}`, async () => !(await granted()).includes(id), 20_000);
    }
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('a variable of several users', () => {
  it.each(['several-history', 'several-live'])('%s: shows the flows of those that are chosen', async (uid) => {
    const { page, errors } = await openPage(browser, { theme: 'light' });
    const chosen = ['{a,b}', '#h?x&y=1', 'a+b'];
    await open(
      page,
      `/d/${uid}`,
      chosen.map((id): [string, string] => ['var-user', id]),
    );
    await untilFlowsOf(page, chosen);
    await shot(page, `${uid}-three`);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('takes "All" of every user for everyone, and "All" of some for those alone', async () => {
    const { page, errors } = await openPage(browser, { theme: 'dark' });
    await open(page, '/d/several-history', [['var-user', '$__all']]);
    await untilFlowsOf(page, NASTY_IDS);
    await shot(page, 'all-history');
    await open(page, '/d/listed-history', [['var-user', '$__all']]);
    await untilFlowsOf(page, ['lead', '1e3']);
    await open(page, '/d/several-live', [['var-user', '$__all']]);
    await page.locator('[data-testid="flow-connection"][data-state="live"]').waitFor();
    await shot(page, 'all-live');
    await request(`${bridge.url}/api/v1/monitoring/enable?user=later`, {
      method: 'POST',
      headers: { authorization: 'Bearer e2e-control' },
    });
    const events = chatFlow({ userId: 'later' });
    const frame = JSON.stringify({ type: 'events', user_id: 'later', events });
    await waitFor(
      'a flow of everyone',
      async () => {
        await redis.publish(keys.live('later'), frame);
        return (await flowsOn(page)).includes(events[0]!.flow_id);
      },
      20_000,
    );
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('an error of the bridge', () => {
  it('is shown with its code instead of "Connecting"', async () => {
    const { page } = await openPage(browser, { theme: 'dark' });
    await page.routeWebSocket(/\/ws\/flows/, (socket) => {
      socket.onMessage(() =>
        socket.send(JSON.stringify({ type: 'error', code: 'too_many_subscriptions', message: 'At most 128 users' })),
      );
      socket.send(JSON.stringify({ type: 'hello', protocol: 1, instance: 'b1' }));
    });
    await open(page, '/d/flow-live', [['var-user', 'lead']]);
    await page.getByTestId('flow-empty').getByText('At most 128 users (too_many_subscriptions)').waitFor();
    expect(await page.getByTestId('flow-connection').getAttribute('data-state')).toBe('offline');
    await shot(page, 'error-frame');
    await page.close();
  });
});

describe('a flow with more checkpoints than are shown', () => {
  it('is read page by page, and says how many of how many it shows', async () => {
    const session = await recordHuge();
    const { page, errors } = await openPage(browser, { theme: 'dark' });
    const pages: string[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/flows/session')) pages.push(response.url());
    });
    await open(page, '/d/flow-session', [
      ['var-user', 'huge'],
      ['var-session', session],
    ]);
    await page
      .getByTestId('flow-notice')
      .getByText(/^Showing 1[0-4]\d,\d{3} of 150,000 checkpoints; the others are left out\.$/)
      .waitFor({ timeout: 90_000 });
    expect(pages.length).toBeGreaterThan(1);
    await shot(page, 'not-all-shown');
    expect(errors).toEqual([]);
    await page.close();
  });
});
