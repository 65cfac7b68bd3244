import { startNginx, type TestNginx } from '../support/nginx';
import { ALONE, usePanelStack } from '../support/panel-stack';

const stack = usePanelStack();
let nginx: TestNginx;

beforeAll(async () => {
  nginx = await startNginx(Number(new URL(stack.previewUrl).port));
});

afterAll(async () => {
  await nginx?.stop();
});

describe('the flow panel, behind nginx as Grafana’s tutorial has it', () => {
  it('shows what happens within 2 s over HTTP, and says why it does', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: ALONE, origin: nginx.url });
    const { page } = flows;
    await flows.untilLive();
    await page.locator('[data-testid="flow-panel"][data-over-http="refused"]').waitFor();
    const flow = stack.startFlow(user);
    const startedMs = performance.now();
    flow.checkpoint('auth_check');
    await flows.untilFlow(flow.id);
    await flows.node('auth_check').waitFor();
    expect(performance.now() - startedMs).toBeLessThan(2_000);

    const badge = page.getByTestId('flow-connection');
    expect(await badge.innerText()).toBe('Live over HTTP');
    await badge.focus();
    await page.getByRole('tooltip').getByText('The WebSocket is refused on the way').waitFor();
    expect(await page.getByRole('tooltip').getByRole('link').getAttribute('href')).toBe(
      '/plugins/flowtracking-flows-app',
    );
    await flows.shot('live-over-http');
    flow.end();
    await page.close();
  });
});
