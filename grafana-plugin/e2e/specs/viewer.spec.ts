import { expect, test } from '@grafana/plugin-e2e';
import { monitor } from '../support/chat.js';
import { holdLiveSocket } from '../support/live-socket.js';

const PROXY = '/api/datasources/proxy/uid/flow-tracking/api/v1';

test('a viewer may read, and is refused the switch by Grafana', async ({ page }) => {
  expect((await page.request.get(`${PROXY}/flows?limit=1`)).status()).toBe(200);
  const refused = await page.request.post(`${PROXY}/monitoring/enable/e2e-refused?ttl_hours=1`);
  expect(refused.status()).toBe(403);
  const list = await page.request.get(`${PROXY}/monitoring/list`);
  expect(await list.text()).not.toContain('e2e-refused');
});

test('a viewer watches live', async ({ page }) => {
  await monitor('e2e-viewer');
  await page.goto('/');
  const { frames, closeCode } = await holdLiveSocket(page, 'e2e-viewer', 5_000);
  expect(closeCode).toBeNull();
  expect(frames).toEqual(expect.arrayContaining(['hello', 'subscribed']));
});
