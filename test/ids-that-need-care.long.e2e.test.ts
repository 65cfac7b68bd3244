import { NASTY_IDS, recordNastyFlows, untilFlowsOf } from './support/nasty-ids';
import { usePanelStack } from './support/panel-stack';
import { waitFor } from './support/wait-for';

/** Nobody is shown anything but what they asked for, whatever the ids hold. */

const stack = usePanelStack();
const MONITORING = '/a/flowtracking-flows-app';
let flows: ReadonlyMap<string, string>;

beforeAll(async () => {
  flows = await recordNastyFlows(stack);
});

describe('ids that need care', () => {
  it('lead from the grant to the live flows, the session and back, each to its own user alone', async () => {
    const { page, errors, shot } = await stack.open({ path: MONITORING });
    const grantOf = (index: number) => page.getByTestId('monitoring-grant').nth(index);
    const granted = async (): Promise<(string | null)[]> =>
      page
        .getByTestId('monitoring-grant')
        .evaluateAll((rows: { getAttribute(name: string): string | null }[]) =>
          rows.map((row) => row.getAttribute('data-user-id')),
        );
    for (const id of NASTY_IDS) {
      await page.getByLabel('User id').fill(id);
      await page.getByRole('button', { name: 'Switch on monitoring' }).click();
      await waitFor(`a grant of ${JSON.stringify(id)}`, async () => (await granted()).includes(id), 20_000);
    }
    expect((await granted()).sort()).toEqual([...NASTY_IDS].sort());
    await shot('grants-of-nasty-ids');

    const links = new Map<string, string | null>();
    for (const [i, id] of (await granted()).entries()) {
      links.set(id!, await grantOf(i).getByRole('link', { name: 'Live flows' }).getAttribute('href'));
    }
    for (const id of NASTY_IDS) {
      await page.goto(`${stack.previewUrl}${links.get(id)}`);
      await untilFlowsOf(page, flows, [id]);
      await page.locator('[data-testid="flow-monitoring"][data-on="true"]').waitFor();
      await page.getByRole('link', { name: 'Session detail' }).last().click();
      await page.waitForURL(/flow-session/);
      await untilFlowsOf(page, flows, [id]);
      await page.getByRole('link', { name: 'Live flows of this user' }).click();
      await page.waitForURL(/flow-live/);
      await untilFlowsOf(page, flows, [id]);
    }
    await shot('live-of-a-nasty-id');

    await page.goto(`${stack.previewUrl}${MONITORING}`);
    await waitFor('the grants', async () => (await granted()).length === NASTY_IDS.length);
    for (const id of NASTY_IDS) {
      // By its place: a name is looked for with its blanks joined.
      const row = grantOf((await granted()).indexOf(id));
      await row.getByRole('button', { name: 'Switch off monitoring' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
      await waitFor(`no grant of ${JSON.stringify(id)}`, async () => !(await granted()).includes(id), 20_000);
    }
    expect(errors).toEqual([]);
    await page.close();
  });
});
