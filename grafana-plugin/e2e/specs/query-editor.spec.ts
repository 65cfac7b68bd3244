import { expect, test } from '@grafana/plugin-e2e';
import { ask, monitor } from '../support/chat.js';

const USER = 'e2e-editor';

test.beforeEach(async ({ panelEditPage }) => {
  await monitor(USER);
  await ask(USER);
  await panelEditPage.datasource.set('Flow tracking');
});

test('the query editor chooses whose flows a panel draws', async ({ panelEditPage, page }) => {
  await panelEditPage.setVisualization('Flow tree');
  const editor = panelEditPage.getQueryEditorRow('A');
  await editor.getByLabel('User id', { exact: true }).fill(USER);
  await editor.getByLabel('User id', { exact: true }).press('Enter');
  await expect(page.locator('[data-testid="flow-node"][data-checkpoint="llm_complete"]').first()).toBeVisible();
});

test('the query editor changes the kind, and keeps the user', async ({ panelEditPage, page }) => {
  await panelEditPage.setVisualization('Table');
  const editor = panelEditPage.getQueryEditorRow('A');
  await editor.getByLabel('User id', { exact: true }).fill(USER);
  await editor.getByRole('combobox', { name: 'Query', exact: true }).click();
  await page.getByRole('option', { name: 'Flow list' }).click();
  await expect(editor.getByLabel('User', { exact: true })).toHaveValue(USER);
  await expect(panelEditPage.panel.fieldNames).toContainText(['User']);
  await expect(panelEditPage.panel.data.filter({ hasText: USER }).first()).toBeVisible();
});
