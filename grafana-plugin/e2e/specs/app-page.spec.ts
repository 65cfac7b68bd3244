import { expect, test } from '@grafana/plugin-e2e';
import { monitor } from '../support/chat.js';

const APP = 'flowtracking-flows-app';

test('the app lists who is monitored, for an admin', async ({ gotoAppPage, page }) => {
  await monitor('e2e-app');
  await gotoAppPage({ pluginId: APP });
  await expect(page.getByText('e2e-app').first()).toBeVisible();
});

test('an admin switches monitoring through the proxy, and the audit has the name', async ({ page }) => {
  const proxy = '/api/datasources/proxy/uid/flow-tracking/api/v1/monitoring';
  const enabled = await page.request.post(`${proxy}/enable/e2e-audit?ttl_hours=1`);
  expect(enabled.status()).toBe(200);
  const audit = await page.request.get(`${proxy}/audit?user=e2e-audit`);
  const { entries } = (await audit.json()) as { entries: { actor: string | null }[] };
  // By GF_DATAPROXY_SEND_USER_HEADER.
  expect(entries[0]?.actor).toBe('admin');
});
