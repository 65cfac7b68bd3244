import { expect, test } from '@grafana/plugin-e2e';
import { ask, monitor } from '../support/chat.js';

test('the query editor chooses whose flows a panel draws', async ({ panelEditPage, page }) => {
  await monitor('e2e-editor');
  await ask('e2e-editor');
  await panelEditPage.datasource.set('Flow tracking');
  await panelEditPage.setVisualization('Flow tree');
  const editor = panelEditPage.getQueryEditorRow('A');
  await editor.getByLabel('User id').fill('e2e-editor');
  await editor.getByLabel('User id').press('Enter');
  await expect(page.locator('[data-testid="flow-node"][data-checkpoint="llm_complete"]').first()).toBeVisible();
});
