import { APP, startAppStack, stepsOn, type AppStack } from './app-stack';

let stack: AppStack;
beforeAll(async () => {
  stack = await startAppStack('Editor');
});
afterAll(() => stack.stop());

describe('Start here', () => {
  it('finds nothing that fails on a stack that is well, and shows a test flow', async () => {
    const { page, errors } = await stack.open(`${APP}/start`);
    const steps = await stepsOn(page);
    expect(steps.filter((step) => step.endsWith('fail') || step.endsWith('skip'))).toEqual([]);
    expect(steps).toEqual(
      expect.arrayContaining([
        ...['datasource ok', 'proxy ok', 'read-token ok', 'control-token ok', 'websocket ok'],
        ...['redis_reachable ok', 'postgres_schema ok', 'flow_recorded ok', 'flow_live ok', 'flow_stored ok'],
        'first-flow warn',
      ]),
    );
    await page.getByRole('button', { name: 'Send a test flow' }).click();
    await page.getByRole('link', { name: 'Show it' }).click();
    await page.locator('[data-testid="flow-node"][data-checkpoint="flow_check"][data-status="ok"]').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });
});
