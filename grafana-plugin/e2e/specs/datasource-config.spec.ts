import { expect, test } from '@grafana/plugin-e2e';
import { readConfig } from '../support/config.js';

const { controlToken } = readConfig();
const TYPE = 'flowtracking-flows-datasource';
/** The bridge's name in the network of docker-compose.yml. */
const BRIDGE = 'http://bridge:8090';

test('saves and tests a datasource whose bridge answers', async ({ createDataSourceConfigPage, page }) => {
  const configPage = await createDataSourceConfigPage({ type: TYPE });
  await page.locator('#flow-url').fill(BRIDGE);
  // A control token reads as well.
  await page.locator('#flow-readToken').fill(controlToken);
  await configPage.saveAndTest({ path: `/api/datasources/uid/${configPage.datasource.uid}` });
  await expect(configPage).toHaveAlert('success');
});

test('says what is wrong with a token that the bridge does not take', async ({ createDataSourceConfigPage, page }) => {
  const configPage = await createDataSourceConfigPage({ type: TYPE });
  await page.locator('#flow-url').fill(BRIDGE);
  await page.locator('#flow-readToken').fill('no-such-token');
  await configPage.saveAndTest({ path: `/api/datasources/uid/${configPage.datasource.uid}` });
  await expect(configPage).toHaveAlert('error', { hasText: /token/i });
});

test('never gives a saved token back to the browser', async ({ page, grafanaAPIClient }) => {
  const settings = await grafanaAPIClient.getDataSourceSettingsByUID('flow-tracking');
  expect(JSON.stringify(settings)).not.toContain(controlToken);
  await page.goto('/connections/datasources/edit/flow-tracking');
  await expect(page.locator('#flow-url')).toHaveValue(BRIDGE);
  expect(await page.content()).not.toContain(controlToken);
});
