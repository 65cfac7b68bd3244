import type { AuditPage, MonitoringList } from '@flow-tracking/protocol';
import type { Page } from 'playwright-core';
import { seriousViolations } from '../support/axe';
import { chatFlow } from '../support/flow-events';
import { waitFor } from '../support/wait-for';
import { APP, startAppStack, stepsOn, type AppStack, type Role } from './app-stack';

const IDS = ['#h?x&y=1', ' lead', 'a/b', 'x'.repeat(255)];

async function withStack(
  role: Role,
  given: Parameters<typeof startAppStack>[1],
  work: (stack: AppStack) => Promise<void>,
): Promise<void> {
  const stack = await startAppStack(role, given);
  try {
    await work(stack);
  } finally {
    await stack.stop();
  }
}

const row = (page: Page, id: string) => page.locator(`[data-testid="monitoring-grant"][data-user-id="${id}"]`);
const fixOf = (page: Page, step: string) => page.locator(`[data-step="${step}"]`).innerText();

describe('Monitoring', () => {
  it('enables, extends, switches off and audits users of any id, and says who did it', async () => {
    await withStack('Admin', {}, async (stack) => {
      const { page, errors } = await stack.open(APP);
      for (const id of IDS) {
        await page.getByLabel('User id').fill(id);
        await page.getByLabel('Reason').fill(`why ${id.slice(0, 9)}`);
        await page.getByRole('button', { name: 'Switch on monitoring' }).click();
        await row(page, id).waitFor();
        expect(await row(page, id).locator('td').nth(3).innerText()).toBe('preview');
        const grant = async () =>
          ((await stack.ask('/api/v1/monitoring/list')).body as MonitoringList).grants.find((g) => g.user_id === id);
        const before = (await grant())?.expires_ts ?? NaN;
        await row(page, id)
          .getByRole('button', { name: /Extend/ })
          .click();
        await waitFor('it lasts longer', async () => ((await grant())?.expires_ts ?? 0) - before > 3_500_000);
        const href = await row(page, id).getByRole('link', { name: 'Live flows' }).getAttribute('href');
        expect(new URL(String(href), 'http://x').searchParams.get('var-user')).toBe(id);
      }
      await stack.ask('/api/v1/monitoring/enable?user=brief&ttl_hours=0.002', { method: 'POST' });
      for (const id of IDS) {
        await row(page, id)
          .getByRole('button', { name: /Switch off/ })
          .click();
        await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
        await row(page, id).waitFor({ state: 'detached' });
      }
      await waitFor(
        'the brief one has expired',
        async () => {
          const { body } = await stack.ask('/api/v1/monitoring/audit?action=expire');
          return (body as AuditPage).entries.length === 1;
        },
        20_000,
      );
      await page.getByRole('tab', { name: 'Audit' }).click();
      await page.locator('[data-testid="audit-entry"][data-action="expire"]').waitFor();
      for (const id of IDS) {
        for (const action of ['enable', 'extend', 'disable']) {
          const entry = page.locator(`[data-testid="audit-entry"][data-action="${action}"][data-user-id="${id}"]`);
          expect([id, action, await entry.locator('td').nth(3).innerText()]).toEqual([id, action, 'preview']);
        }
      }
      // A long id is cut, and no wider than its column.
      const box = await page.locator(`[data-user-id="${IDS[3]}"] td`).nth(2).boundingBox();
      expect(box?.width).toBeLessThan(500);

      await page.getByRole('button', { name: /Erase a user/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('User id').fill('a/b');
      await dialog.getByLabel('The same id again').fill('A/B');
      expect(await dialog.getByRole('button', { name: 'Erase' }).isDisabled()).toBe(true);
      await dialog.getByLabel('The same id again').fill('a/b');
      await dialog.getByRole('button', { name: 'Erase' }).click();
      await dialog.getByText(/^Erased: 0 flows/).waitFor();
      expect(errors).toEqual([]);
    });
  });

  it('says that the actor is unknown when Grafana does not tell', async () => {
    await withStack('Editor', { sendsUser: false }, async (stack) => {
      await stack.ask('/api/v1/monitoring/enable?user=1', { method: 'POST' });
      const { page } = await stack.open(APP);
      await page.getByRole('tab', { name: 'Audit' }).click();
      await page.getByText(/set send_user_header/).waitFor();
      await page.getByRole('cell', { name: 'unknown' }).waitFor();
      expect(await page.getByRole('button', { name: /Erase a user/ }).isDisabled()).toBe(true);
    });
  });

  it('lets a viewer watch only, and says why', async () => {
    await withStack('Viewer', {}, async (stack) => {
      await stack.ask('/api/v1/monitoring/enable?user=1', { method: 'POST' });
      const { page } = await stack.open(APP);
      await row(page, '1').waitFor();
      await page.getByText('Only Editors and Admins of Grafana can switch monitoring.').waitFor();
      expect(
        await row(page, '1')
          .getByRole('button', { name: /Switch off/ })
          .isDisabled(),
      ).toBe(true);
      // What the page does not offer, the proxy refuses.
      const proxy = '/api/datasources/proxy/uid/flow-tracking/api/v1';
      const asked = (method: string, path: string) =>
        page.evaluate(`fetch('${proxy}${path}', { method: '${method}' }).then(({ status }) => status)`);
      expect([
        await asked('GET', '/checks'),
        await asked('POST', '/monitoring/disable?user=1'),
        await asked('DELETE', '/users?user=1'),
        await asked('GET', '/monitoring/audit'),
      ]).toEqual([403, 403, 403, 200]);

      const start = await stack.open(`${APP}/start`);
      const steps = await stepsOn(start.page);
      expect(steps).toEqual(expect.arrayContaining(['read-token ok', 'control-token skip', 'websocket ok']));
      expect(await fixOf(start.page, 'control-token')).toContain('Needs the Editor role');
      await start.shot('app-start-viewer-dark');
    });
  });
});

describe('Start here', () => {
  it('says that the bridge is away, and runs again', async () => {
    await withStack('Editor', {}, async ({ open, toBridge }) => {
      toBridge.setMode('refuse');
      const { page, shot } = await open(`${APP}/start`);
      const steps = await stepsOn(page);
      expect(steps).toEqual(expect.arrayContaining(['proxy fail', 'read-token skip', 'websocket skip']));
      expect(await fixOf(page, 'proxy')).toContain('Start the bridge');
      await shot('app-start-bridge-away-dark');
      toBridge.setMode('pass');
      await page.getByRole('button', { name: 'Run again' }).click();
      await page.locator('[data-step="flow_stored"][data-status="ok"]').waitFor();
    });
  });

  it('says which token is wrong', async () => {
    await withStack('Editor', { readToken: 'wrong-token-of-this-test' }, async ({ open }) => {
      const { page } = await open(`${APP}/start`);
      expect(await stepsOn(page)).toEqual(expect.arrayContaining(['proxy ok', 'read-token fail', 'websocket fail']));
      expect(await fixOf(page, 'read-token')).toContain('FLOW_READ_TOKENS');
    });
    await withStack('Editor', { controlToken: 'wrong-token-of-this-test' }, async ({ open }) => {
      const { page } = await open(`${APP}/start`);
      expect(await stepsOn(page)).toEqual(expect.arrayContaining(['read-token ok', 'control-token fail']));
      expect(await fixOf(page, 'control-token')).toContain('FLOW_CONTROL_TOKENS');
    });
  });

  it('says that Postgres is away, and that the test flow is live all the same', async () => {
    await withStack('Editor', {}, async ({ open, toPostgres }) => {
      toPostgres.setMode('refuse');
      const { page, shot } = await open(`${APP}/start`, { theme: 'light' });
      const steps = await stepsOn(page);
      expect(steps).toEqual(
        expect.arrayContaining(['read-token ok', 'postgres_reachable fail', 'flow_live ok', 'flow_stored skip']),
      );
      expect(await fixOf(page, 'postgres_reachable')).toContain('DATABASE_URL');
      await shot('app-start-postgres-away-light');
    });
  });
});

describe('Running now', () => {
  it('pages through more than one answer holds, and lets a viewer watch what is monitored only', async () => {
    await withStack('Viewer', {}, async (stack) => {
      const flows = Array.from({ length: 505 }, (_, i) =>
        chatFlow({ userId: `user-${i}`, startedTs: Date.now() - 1_000_000 + i }).slice(0, 4),
      );
      await stack.record(flows.flat());
      const { page, errors, shot } = await stack.open(`${APP}/running`, { theme: 'light' });
      await page.getByText('these are the 500 that have run longest').waitFor();
      expect(await page.getByTestId('running-flow').count()).toBe(25);
      expect(await page.getByTestId('running-flow').first().innerText()).toContain('user-0');
      const second = page.getByRole('button', { name: '2', exact: true });
      await second.focus();
      await page.keyboard.press('Enter');
      await page.getByText('user-25', { exact: true }).waitFor();
      const watch = page.getByTestId('running-flow').first().getByRole('button', { name: 'Watch' });
      await watch.focus();
      await page.getByText('Only Editors and Admins of Grafana can switch monitoring.').waitFor();
      await shot('app-running-viewer-light');
      await page.getByLabel('User', { exact: true }).fill('user-504');
      await page.getByText('1 flow runs').waitFor();
      expect(errors).toEqual([]);
    });
  });

  it('leads to the switch with the user filled in, and to the flow in its session', async () => {
    await withStack('Editor', {}, async (stack) => {
      await stack.record(chatFlow({ userId: IDS[0] ?? '', startedTs: Date.now() - 8_000 }).slice(0, 5));
      const { page } = await stack.open(`${APP}/running?ds=flow-tracking&service=chat`);
      await page.getByRole('link', { name: /^Watch/ }).click();
      await page.getByTestId('monitoring-page').waitFor();
      expect(await page.getByLabel('User id').inputValue()).toBe(IDS[0]);
      expect(new URL(page.url()).searchParams.get('ds')).toBe('flow-tracking');
      await page.goBack();
      await page.waitForURL(/service=chat/);
      await page.getByRole('link', { name: /^Session/ }).click();
      await page.locator('[data-testid="flow-node"][data-checkpoint="tool_call"][data-status="running"]').waitFor();
    });
  });

  it('keeps what was known with its times standing while the bridge is away, and says what the bridge refuses', async () => {
    await withStack('Editor', {}, async (stack) => {
      const [started, ...rest] = chatFlow({ startedTs: Date.now() - 5_000 });
      await stack.record([started, ...rest.slice(0, 3)]);
      const { page, shot } = await stack.open(`${APP}/running`);
      const time = page.getByTestId('running-flow').locator('td').nth(1);
      await time.waitFor();
      stack.toBridge.setMode('refuse');
      await page.getByText('What runs now can’t be asked for').waitFor();
      const stood = await time.innerText();
      await page.waitForTimeout(2_500);
      expect(await time.innerText()).toBe(stood);
      await shot('app-running-away-dark');
      stack.toBridge.setMode('pass');
      await page.getByText('What runs now can’t be asked for').waitFor({ state: 'detached' });
      await waitFor('time goes on', async () => (await time.innerText()) !== stood);
      // A bridge that takes the question and says nothing.
      stack.toBridge.setMode('stall');
      await page.getByText(/no answer since .* so the times stand still/).waitFor();
      stack.toBridge.setMode('pass');
      await page.getByText(/no answer since/).waitFor({ state: 'detached' });

      await page.getByLabel('User', { exact: true }).fill('é'.repeat(128));
      await page.getByText(/expected an id of 1 to 255 bytes/).waitFor();
      expect(await page.getByTestId('running-flow').count()).toBe(0);
      await page.getByRole('button', { name: 'Clear the filters' }).click();
      await page.getByTestId('running-flow').waitFor();
    });
  });
});

describe.each(['dark', 'light'] as const)('the pages in the %s theme', (theme) => {
  it('have no serious violation, and are looked at in both sizes', async () => {
    await withStack('Admin', {}, async (stack) => {
      for (const id of [...IDS, ...Array.from({ length: 30 }, (_, i) => `user-${i}`)]) {
        await stack.ask(`/api/v1/monitoring/enable?user=${encodeURIComponent(id)}&reason=ticket`, { method: 'POST' });
      }
      const ages = [
        ...IDS.map((_, i) => 3_000_000 - i * 300_000),
        ...Array.from({ length: 30 }, (_, i) => 90_000 - i * 2_500),
      ];
      for (const [i, ageMs] of ages.entries()) {
        const events = chatFlow({ userId: IDS[i] ?? `user-${i}`, startedTs: Date.now() - ageMs });
        await stack.record(events.slice(0, 3 + (i % 3)));
      }
      for (const [width, height] of [
        [1440, 900],
        [2560, 1440],
      ] as const) {
        const start = await stack.open(`${APP}/start`, { theme, width, height });
        await stepsOn(start.page);
        expect(await seriousViolations(start.page, '[data-testid="start-page"]')).toEqual([]);
        await start.shot(`app-start-${theme}-${width}`);
        await start.page.close();
        const running = await stack.open(`${APP}/running`, { theme, width, height });
        await running.page.getByTestId('running-flow').nth(24).waitFor();
        expect(await seriousViolations(running.page, '[data-testid="running-page"]')).toEqual([]);
        await running.shot(`app-running-${theme}-${width}`);
        await running.page.close();
        const { page, shot } = await stack.open(APP, { theme, width, height });
        await row(page, 'user-1').waitFor();
        expect(await seriousViolations(page, '[data-testid="monitoring-page"]')).toEqual([]);
        await shot(`app-monitoring-${theme}-${width}`);
        await page.getByRole('tab', { name: 'Audit' }).click();
        await page.getByTestId('audit-entry').first().waitFor();
        expect(await seriousViolations(page, '[data-testid="monitoring-page"]')).toEqual([]);
        await shot(`app-audit-${theme}-${width}`);
        await page.close();
      }
    });
  });
});
