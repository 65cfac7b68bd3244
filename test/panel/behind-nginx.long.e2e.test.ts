import { codeBlocks } from '../support/code-blocks';
import { startNginx, type TestNginx } from '../support/nginx';
import { panelDashboard } from '../support/panel-dashboard';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { waitFor } from '../support/wait-for';

/** The location that the guide tells to add. */
const LOCATION = codeBlocks('docs/grafana.md').find(({ language }) => language === 'nginx')?.code ?? '';

const many = panelDashboard('many');
const panels = many.panels.flatMap((panel) =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((i) => ({
    ...panel,
    id: i + 1,
    gridPos: { x: (i % 4) * 6, y: Math.floor(i / 4) * 10, w: 6, h: 10 },
    targets: panel.targets.map((target) => ({ ...target, user: `many-${i}` })),
  })),
);
const dashboard = { ...many, panels };
const stack = usePanelStack({ dashboards: [dashboard] });
let nginx: TestNginx;

beforeAll(async () => {
  nginx = await startNginx(Number(new URL(stack.previewUrl).port));
});

afterAll(async () => {
  await nginx?.stop();
});

describe('live over HTTP', () => {
  it('goes back to the WebSocket once nginx has the location of the guide, and shows all that happens on the way', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: ALONE, origin: nginx.url });
    await flows.page.locator('[data-testid="flow-panel"][data-over-http="refused"]').waitFor();
    expect(LOCATION).toContain('/api/datasources/proxy/');
    await nginx.reload(LOCATION);
    const flow = stack.startFlow(user);
    const states = new Set<string>();
    let count = 0;
    let sawWebSocket = false;
    await waitFor(
      'it is on the WebSocket',
      async () => {
        flow.checkpoint(`step_${count++}`);
        states.add((await flows.panel.getAttribute('data-connection')) ?? '');
        sawWebSocket ||= (await flows.panel.getAttribute('data-over-http')) === '';
        return sawWebSocket;
      },
      90_000,
    );
    expect([...states]).toEqual(['live']);
    flow.end();
    await flows.untilNodes(count);
    expect(Number(await flows.panel.getAttribute('data-nodes'))).toBe(count);
    expect(await flows.page.getByTestId('flow-connection').innerText()).toBe('Live');
    await flows.page.close();
    await nginx.reload('');
  });

  it('asks once for all panels of a page, and leaves connections to the rest of it', async () => {
    const polls: string[] = [];
    const flows = await stack.open({
      path: '/d/many',
      origin: nginx.url,
      prepare: async (page) => {
        page.on('request', (request) => {
          if (request.url().includes('/api/v1/live')) polls.push(request.url());
        });
      },
    });
    const live = flows.page.locator('[data-testid="flow-panel"][data-connection="live"]');
    await waitFor('all panels are live', async () => (await live.count()) === panels.length, 20_000);
    const [users, last] = [panels.map((_, i) => `many-${i}`), () => new URL(polls.at(-1) ?? nginx.url).searchParams];
    await waitFor('one poll names all users', () => users.every((user) => last().getAll('user').includes(user)));
    const before = polls.length;
    // Idle, each poll is held for 2 s.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(polls.length - before).toBeLessThanOrEqual(4);
    await flows.page.close();
  });

  it('says within 5 s that the bridge is away', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: ALONE, origin: nginx.url });
    await flows.page.locator('[data-testid="flow-panel"][data-over-http="refused"]').waitFor();
    await stack.bridge.stop();
    const stoppedMs = performance.now();
    await waitFor('it says so', async () => (await flows.panel.getAttribute('data-connection')) !== 'live');
    expect(performance.now() - stoppedMs).toBeLessThan(5_000);
    await flows.page.close();
  });
});
