import type { FlowDetail, MonitoringList } from '@flow-tracking/protocol';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { openPage } from '../support/browser';
import { freePort } from '../support/free-port';
import type { PanelPage } from '../support/panel-page';
import { usePanelStack } from '../support/panel-stack';
import { startNode, untilHealthy, type TestProcess } from '../support/process';
import { waitFor } from '../support/wait-for';

const root = join(__dirname, '..', '..');

const stack = usePanelStack();
const previews: TestProcess[] = [];
let viewerUrl: string;
let tokenlessUrl: string;

async function startPreview(env: Record<string, string>): Promise<string> {
  const port = await freePort();
  const preview = startNode([join(root, 'preview', 'dist', 'server.js')], {
    FLOW_PREVIEW_PORT: String(port),
    FLOW_BRIDGE_URL: stack.bridge.url,
    FLOW_READ_TOKEN: 'e2e-read',
    FLOW_CONTROL_TOKEN: 'e2e-control',
    ...env,
  });
  previews.push(preview);
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(preview, `${url}/healthz`);
  return url;
}

beforeAll(async () => {
  [viewerUrl, tokenlessUrl] = await Promise.all([
    startPreview({ FLOW_PREVIEW_ROLE: 'Viewer' }),
    startPreview({ FLOW_CONTROL_TOKEN: 'e2e-read' }),
  ]);
});

afterAll(async () => {
  await Promise.all(previews.map((preview) => preview.stop()));
});

async function grantOf(user: string) {
  const { body } = await stack.ask('/api/v1/monitoring/list');
  return (body as MonitoringList).grants.find((grant) => grant.user_id === user);
}

const actions = (page: Page) => page.getByTestId('flow-monitoring-actions');
/** The grant may be seen live before the answer to the change is there. Until then the buttons take nothing. */
const untilAnswered = (page: Page) =>
  page.locator('[data-testid="flow-monitoring-actions"][aria-busy="false"]').waitFor();

async function openLive(url: string, user: string) {
  const { page, errors } = await openPage(stack.browser, { theme: 'dark' });
  await page.goto(`${url}/d/flow-live?var-user=${user}`);
  await page.locator('[data-testid="flow-connection"][data-state="live"]').waitFor();
  return { page, errors };
}

describe('monitoring in the panel', () => {
  it('is switched on, extended and off where the person looks, and by the keyboard alone', async () => {
    const { page, errors } = await openLive(stack.previewUrl, 'maria');
    const opener = page.getByTestId('flow-empty').getByRole('button', { name: 'Switch on monitoring' });
    await opener.focus();
    await page.keyboard.press('Enter');
    await actions(page).getByLabel('Reason').fill('she says it hangs');
    await actions(page).getByRole('button', { name: 'Switch on for 15 min' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="flow-monitoring-actions"][data-on="true"]').waitFor();
    await page.locator('[data-testid="flow-monitoring"][data-on="true"]').waitFor();
    await untilAnswered(page);
    expect(await actions(page).getByTestId('flow-monitoring-state').textContent()).toMatch(
      /^On for user maria, 1[45] min left, until \d\d:\d\d\.$/,
    );
    const first = await grantOf('maria');
    expect(first?.reason).toBe('she says it hangs');
    expect(first!.expires_ts - Date.now()).toBeLessThanOrEqual(15 * 60_000);

    // The buttons that came in place of the one that was pressed have the focus.
    await page.locator(':focus', { hasText: 'Extend by 1 h' }).waitFor();
    await page.keyboard.press('Enter');
    await actions(page)
      .getByText(/^On for user maria, 1 h 1[3-5] min left/)
      .waitFor();
    await untilAnswered(page);
    const second = await grantOf('maria');
    expect(Math.abs(second!.expires_ts - first!.expires_ts - 3_600_000)).toBeLessThan(5_000);

    await actions(page).getByRole('button', { name: 'Switch off' }).press('Enter');
    await page.locator('[data-testid="flow-monitoring-actions"][data-on="false"]').waitFor();
    expect(await grantOf('maria')).toBeUndefined();

    await page.keyboard.press('Escape');
    await actions(page).waitFor({ state: 'detached' });
    await page.locator(':focus', { hasText: 'Switch on monitoring' }).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('cannot be pressed twice while a change is on its way', async () => {
    const { page } = await openLive(stack.previewUrl, 'twice');
    let asked = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/v1/monitoring/enable**', async (route) => {
      asked++;
      await held;
      await route.continue();
    });
    await page.getByTestId('flow-monitoring').click();
    const button = actions(page).getByRole('button', { name: 'Switch on for 1 h', exact: true });
    await button.click();
    await page.locator('[data-testid="flow-monitoring-actions"][aria-busy="true"]').waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    // A disabled button is still pressed, as a person in a hurry does.
    await button.dispatchEvent('click');
    release();
    await page.locator('[data-testid="flow-monitoring-actions"][data-on="true"]').waitFor();
    expect(asked).toBe(1);
    await page.close();
  });

  it('shows a viewer the buttons, and why they do nothing', async () => {
    const { page } = await openLive(viewerUrl, 'seen-by-a-viewer');
    let asked = 0;
    page.on('request', (sent) => (asked += Number(sent.url().includes('/monitoring/enable'))));
    await page.getByTestId('flow-monitoring').click();
    const button = actions(page).getByRole('button', { name: 'Switch on for 8 h' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await actions(page).getByText('Only Editors and Admins of Grafana can switch monitoring.').waitFor();
    await button.dispatchEvent('click');
    expect(asked).toBe(0);
    expect(await grantOf('seen-by-a-viewer')).toBeUndefined();
    await page.close();
  });

  it('says that the datasource has no control token', async () => {
    const { page } = await openLive(tokenlessUrl, 'nobody');
    await page.getByTestId('flow-monitoring').click();
    await actions(page).getByRole('button', { name: 'Switch on for 24 h' }).click();
    await actions(page)
      .getByRole('alert')
      .getByText(/no valid control token/)
      .waitFor();
    expect(await grantOf('nobody')).toBeUndefined();
    await page.close();
  });

  it('keeps the window open when the bridge fails, and does it again on request', async () => {
    const { page } = await openLive(stack.previewUrl, 'retried');
    let fails = true;
    await page.route('**/api/v1/monitoring/enable**', (route) =>
      fails ? route.fulfill({ status: 502, body: '' }) : route.continue(),
    );
    await page.getByTestId('flow-monitoring').click();
    await actions(page).getByRole('button', { name: 'Switch on for 8 h' }).click();
    await actions(page)
      .getByRole('alert')
      .getByText(/bridge does not answer/)
      .waitFor();
    fails = false;
    await actions(page).getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-testid="flow-monitoring-actions"][data-on="true"]').waitFor();
    expect(await actions(page).getByRole('alert').count()).toBe(0);
    expect((await grantOf('retried'))!.expires_ts - Date.now()).toBeGreaterThan(7 * 3_600_000);
    await page.close();
  });

  it('is in the menu of a small panel', async () => {
    const { page } = await openPage(stack.browser, { theme: 'light', width: 560, height: 700 });
    await page.goto(`${stack.previewUrl}/d/flow-live?var-user=small`);
    await page.getByRole('button', { name: 'Panel menu' }).click();
    await page.getByRole('menuitem', { name: 'Switch on for 1 h' }).click();
    await waitFor('the grant', async () => (await grantOf('small')) !== undefined);
    await page.close();
  });
});

const NASTY = `<script>alert(1)</script> & "quotes" 'n' \u0007`;

async function finishedFlow(): Promise<{ flows: PanelPage; flowId: string }> {
  const user = await stack.freshUser();
  const flow = stack.startFlow(user, { name: NASTY });
  flow.checkpoint('auth_check', { status: 'passed' });
  const thinking = flow.begin('llm_thinking', { 'gen_ai.request.model': NASTY });
  thinking.begin('tool_call', { 'gen_ai.tool.name': 'search' }).fail(new Error('search took too long'));
  thinking.end({ 'gen_ai.usage.output_tokens': 12 });
  flow.end();
  await stack.untilStored();
  const flows = await stack.open({ user });
  await flows.untilFlow(flow.id);
  await flows.untilNodes(3);
  return { flows, flowId: flow.id };
}

describe('what is taken away of a flow', () => {
  it('is, as JSON, what the bridge answers', async () => {
    const { flows, flowId } = await finishedFlow();
    const file = await flows.download('Flow as JSON');
    expect(file.suggestedFilename()).toBe(`flow-${flowId}.json`);
    const saved: unknown = JSON.parse(await readFile(await file.path(), 'utf8'));
    const { body } = await stack.ask(`/api/v1/flows/${flowId}`);
    expect((body as FlowDetail).checkpoints).toHaveLength(3);
    expect(saved).toEqual(body);
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });

  it('is, as JSON, what the panel shows when the bridge does not answer, and says so', async () => {
    const { flows, flowId } = await finishedFlow();
    await flows.page.route('**/api/v1/flows/**', (route) => route.fulfill({ status: 502, body: '' }));
    const file = await flows.download('Flow as JSON');
    const saved = JSON.parse(await readFile(await file.path(), 'utf8')) as FlowDetail & { incomplete?: string };
    expect(saved.incomplete).toMatch(/History could not be read/);
    expect(saved.flow).toMatchObject({ flow_id: flowId, name: NASTY, status: 'ok' });
    expect(saved.checkpoints.map(({ checkpoint, parent_id }) => [checkpoint, parent_id])).toEqual([
      ['auth_check', null],
      ['llm_thinking', null],
      ['tool_call', saved.checkpoints[1]!.node_id],
    ]);
    await flows.page.getByText(/History could not be read/).waitFor();
    await flows.page.close();
  });

  it.each(['Tree', 'Timeline', 'Outline'] as const)(
    'is, as SVG of the %s, a picture that stands alone',
    async (view) => {
      const { flows, flowId } = await finishedFlow();
      await flows.view(view);
      const file = await flows.download('Picture as SVG');
      expect(file.suggestedFilename()).toBe(`flow-${flowId}.svg`);
      const path = join(root, 'test-results', `acting-${view.toLowerCase()}.svg`);
      await file.saveAs(path);
      const { page, errors } = await openPage(stack.browser, { theme: 'light', width: 1300, height: 400 });
      let ran = false;
      page.on('dialog', () => (ran = true));
      const asked: string[] = [];
      page.on('request', (sent) => asked.push(sent.url()));
      await page.goto(pathToFileURL(path).href);
      const svg = page.locator('svg');
      expect(await svg.boundingBox()).toMatchObject({ width: expect.any(Number), height: expect.any(Number) });
      expect((await svg.boundingBox())!.width).toBeGreaterThan(400);
      const texts = await page.locator('svg text').allTextContents();
      expect(texts).toEqual(expect.arrayContaining(['auth_check', 'llm_thinking', 'tool_call']));
      expect(texts.join(' ')).toContain(`<script>alert(1)</script> & "quotes" 'n' \ufffd`);
      expect(texts.join(' ')).toContain(flowId);
      expect(await page.locator('script').count()).toBe(0);
      expect(ran).toBe(false);
      expect(asked).toEqual([pathToFileURL(path).href]);
      expect(errors).toEqual([]);
      await page.screenshot({ path: join(root, 'test-results', `acting-${view.toLowerCase()}-svg.png`) });
      await page.close();
      await flows.page.close();
    },
  );

  it.each(['Tree', 'Timeline', 'Outline'] as const)(
    'is, as PNG of the %s, a picture with something in it',
    async (view) => {
      const { flows } = await finishedFlow();
      await flows.view(view);
      const file = await flows.download('Picture as PNG');
      const path = join(root, 'test-results', `acting-${view.toLowerCase()}.png`);
      await file.saveAs(path);
      const bytes = await readFile(path);
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
      expect(width).toBeGreaterThan(800);
      expect(height).toBeGreaterThan(200);
      // Every colour is on the page's own canvas: a blank picture has one.
      const colors = await flows.page.evaluate(
        `(async () => {
        const image = new Image();
        image.src = 'data:image/png;base64,${bytes.toString('base64')}';
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        return new Set(new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
      })()`,
      );
      expect(colors).toBeGreaterThan(20);
      expect(flows.errors).toEqual([]);
      await flows.page.close();
    },
  );

  it('is, as a link, the same flow, checkpoint and view', async () => {
    const { flows, flowId } = await finishedFlow();
    await flows.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await flows.view('Outline');
    await flows.node('tool_call').click();
    await flows.choose('Copy link to this view');
    await flows.page.getByText('The link is copied').waitFor();
    const link = await flows.page.evaluate<string>('navigator.clipboard.readText()');
    const { searchParams } = new URL(link);
    expect(Number(searchParams.get('from'))).toBeGreaterThan(0);
    expect(Number(searchParams.get('to'))).toBeGreaterThan(Number(searchParams.get('from')));
    await flows.page.goto(link);
    await flows.page.locator(`[data-testid="flow-panel"][data-flow="${flowId}"][data-view="outline"]`).waitFor();
    await flows.page.getByTestId('flow-node-details').getByText('tool_call').first().waitFor();
    await flows.page.close();
  });
});
