import { expect, test } from '@grafana/plugin-e2e';
import { ask, monitor } from '../support/chat.js';
import { readConfig } from '../support/config.js';
import { holdLiveSocket } from '../support/live-socket.js';

const { bridgeUrl } = readConfig();

test('the proxy upgrades the WebSocket and puts the token in, which the page does not have', async ({ page }) => {
  const user = 'e2e-socket';
  await monitor(user);
  await page.goto('/');
  const held = holdLiveSocket(page, user, 15_000);
  await ask(user);
  const { frames, closeCode } = await held;
  expect(closeCode).toBeNull();
  expect(frames[0]).toBe('hello');
  expect(frames).toEqual(expect.arrayContaining(['subscribed', 'events']));
});

test('the bridge refuses who comes without a token', async () => {
  const response = await fetch(`${bridgeUrl}/api/v1/flows`);
  expect(response.status).toBe(401);
});

test('Grafana refuses the WebSocket of someone who is not logged in', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await page.goto(new URL('/login', baseURL).href);
  const { frames, closeCode } = await holdLiveSocket(page, 'e2e-stranger', 5_000);
  expect(closeCode).not.toBeNull();
  expect(frames).toEqual([]);
  await context.close();
});
