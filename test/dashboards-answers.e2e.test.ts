import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { chatFlow } from './support/flow-events';
import { listedFlows } from './support/listed-flows';
import { NASTY_IDS, recordNastyFlows, untilFlowsOf } from './support/nasty-ids';
import { FLOW_SOURCE, panelDashboard } from './support/panel-dashboard';
import { usePanelStack } from './support/panel-stack';
import { waitFor } from './support/wait-for';

/** What a dashboard shows is what was asked for, and nobody else's; and what is not shown is said. */

/** More checkpoints than one query shows, which is 100,000 and the rest of a page. */
const HUGE_CHECKPOINTS = 150_000;

/** A dashboard with one panel, whose user is a variable of several values. */
const ofSeveral = (uid: string, queryType: string, user: object) => ({
  ...panelDashboard(uid, {
    targets: [{ refId: 'A', datasource: FLOW_SOURCE, queryType, select: 'user', user: '$user' }],
  }),
  templating: { list: [{ name: 'user', datasource: FLOW_SOURCE, refresh: 1, multi: true, includeAll: true, ...user }] },
});

const ofUsers = { type: 'query', query: 'users()' };

const stack = usePanelStack({
  dashboards: [
    ofSeveral('several-live', 'live', ofUsers),
    ofSeveral('several-history', 'history', ofUsers),
    ofSeveral('listed-history', 'history', { type: 'custom', query: 'lead, 1e3' }),
  ],
});
let flows: ReadonlyMap<string, string>;

beforeAll(async () => {
  flows = await recordNastyFlows(stack);
});

/** Stores a flow whose checkpoints are more than a query shows; returns its session. */
async function recordHuge(): Promise<string> {
  const [start] = chatFlow({ userId: 'huge', startedTs: Date.now() - 60_000 });
  const id = start!.flow_id;
  const client = new Client({ connectionString: stack.databaseUrl });
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

describe('a dashboard of somebody who is not there', () => {
  it.each([
    ['session of an unknown user', '/d/flow-session', { 'var-user': 'nobody-ever' }, 'No session is chosen'],
    ['session of no user', '/d/flow-session', { 'var-user': '' }, 'No session is chosen'],
    ['unknown session', '/d/flow-session', { 'var-user': 'lead', 'var-session': 'none' }, 'No session none in history'],
    ['live without a user', '/d/flow-live', { 'var-user': '' }, 'No user is chosen'],
    ['live of a blank', '/d/flow-live', { 'var-user': ' ' }, 'No flows of user   yet'],
    ['live of an unknown user', '/d/flow-live', { 'var-user': 'nobody-ever' }, 'No flows of user nobody-ever yet'],
  ] as [string, string, Record<string, string>, string][])(
    '%s: lists nothing and says so',
    async (name, path, params, text) => {
      const { page, errors, shot } = await stack.open({ path, params });
      const empty = page.getByTestId('flow-empty');
      await empty.getByText(text.trim().replace(/\s+/g, ' ')).waitFor();
      expect(await listedFlows(page)).toEqual([]);
      await shot(`nobody-${name.replaceAll(' ', '-')}`);
      // The browser logs that an unknown session is not found.
      expect(errors.filter((error) => !error.includes('404'))).toEqual([]);
      await page.close();
    },
  );
});

describe('a variable of several users', () => {
  it.each(['several-history', 'several-live'])('%s: shows the flows of those that are chosen', async (uid) => {
    const chosen = ['{a,b}', '#h?x&y=1', 'a+b'];
    const params = { 'var-user': chosen };
    const { page, errors, shot } = await stack.open({ path: `/d/${uid}`, params, theme: 'light' });
    await untilFlowsOf(page, flows, chosen);
    await shot(`${uid}-three`);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('takes "All" of every user for everyone, and "All" of some for those alone', async () => {
    const ofAll = (uid: string) => ({ path: `/d/${uid}`, params: { 'var-user': '$__all' } });
    const history = await stack.open(ofAll('several-history'));
    await untilFlowsOf(history.page, flows, NASTY_IDS);
    await history.shot('all-history');
    await history.page.close();
    const listed = await stack.open(ofAll('listed-history'));
    await untilFlowsOf(listed.page, flows, ['lead', '1e3']);
    await listed.page.close();
    const { page, errors, shot, untilLive } = await stack.open(ofAll('several-live'));
    await untilLive();
    await shot('all-live');
    await stack.ask('/api/v1/monitoring/enable?user=later', { method: 'POST' });
    const events = chatFlow({ userId: 'later' });
    const frame = JSON.stringify({ type: 'events', user_id: 'later', events });
    await waitFor(
      'a flow of everyone',
      async () => {
        await stack.redis.publish(stack.keys.live('later'), frame);
        return (await listedFlows(page)).includes(events[0]!.flow_id);
      },
      20_000,
    );
    expect([...history.errors, ...listed.errors, ...errors]).toEqual([]);
    await page.close();
  });
});

describe('an error of the bridge', () => {
  it('is shown with its code instead of "Connecting"', async () => {
    const refuse = (page: Page) =>
      page.routeWebSocket(/\/ws\/flows/, (socket) => {
        socket.onMessage(() =>
          socket.send(JSON.stringify({ type: 'error', code: 'too_many_subscriptions', message: 'At most 128 users' })),
        );
        socket.send(JSON.stringify({ type: 'hello', protocol: 1, instance: 'b1' }));
      });
    const { page, shot } = await stack.open({ user: 'lead', prepare: refuse });
    await page.getByTestId('flow-empty').getByText('At most 128 users (too_many_subscriptions)').waitFor();
    expect(await page.getByTestId('flow-connection').getAttribute('data-state')).toBe('offline');
    await shot('error-frame');
    await page.close();
  });
});

describe('a flow with more checkpoints than are shown', () => {
  it('is read page by page, and says how many of how many it shows', async () => {
    const session = await recordHuge();
    const pages: string[] = [];
    const { page, errors, shot } = await stack.open({
      path: '/d/flow-session',
      params: { 'var-user': 'huge', 'var-session': session },
      prepare: async (opened) => {
        opened.on('response', (response) => {
          if (response.url().includes('/flows/session')) pages.push(response.url());
        });
      },
    });
    await page
      .getByTestId('flow-notice')
      .getByText(/^Showing 1[0-4]\d,\d{3} of 150,000 checkpoints; the others are left out\.$/)
      .waitFor({ timeout: 90_000 });
    expect(pages.length).toBeGreaterThan(1);
    await shot('not-all-shown');
    expect(errors).toEqual([]);
    await page.close();
  });
});
