import { expect, test } from '@grafana/plugin-e2e';
import { ask, monitor } from '../support/chat.js';

const USER = 'e2e-panel';
const node = (checkpoint: string, status: string) =>
  `[data-testid="flow-node"][data-checkpoint="${checkpoint}"][data-status="${status}"]`;

test('the dashboard Live flows draws each step while the request runs', async ({ gotoDashboardPage, page }) => {
  await monitor(USER);
  await gotoDashboardPage({ uid: 'flow-live', queryParams: new URLSearchParams({ 'var-user': USER }) });
  await expect(page.locator('[data-testid="flow-panel"][data-connection="live"]')).toBeVisible();
  const answered = ask(USER);
  await expect(page.locator(node('llm_thinking', 'running')).first()).toBeVisible();
  await answered;
  await expect(page.locator(node('llm_complete', 'ok')).first()).toBeVisible();
});

test('an empty session is an empty panel', async ({ gotoDashboardPage, page }) => {
  await gotoDashboardPage({
    uid: 'flow-session',
    queryParams: new URLSearchParams({ 'var-session': 'no-such-session' }),
  });
  await expect(page.getByTestId('flow-panel')).toBeVisible();
  await expect(page.getByTestId('flow-node')).toHaveCount(0);
});
