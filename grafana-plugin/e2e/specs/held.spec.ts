import { expect, test } from '@grafana/plugin-e2e';
import { ask, monitor } from '../support/chat.js';
import { readConfig } from '../support/config.js';
import { holdLiveSocket } from '../support/live-socket.js';

const { heldMs } = readConfig();

test('a WebSocket through the proxy is held for ten minutes, and still brings events then', async ({ page }) => {
  const user = 'e2e-held';
  await monitor(user);
  await page.goto('/');
  const held = holdLiveSocket(page, user, heldMs);
  await page.waitForTimeout(heldMs - 20_000);
  await ask(user);
  const { frames, closeCode } = await held;
  expect(closeCode).toBeNull();
  expect(frames.slice(-200)).toContain('events');
});
