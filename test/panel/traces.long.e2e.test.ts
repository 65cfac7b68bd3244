import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { panelDashboard } from '../support/panel-dashboard';
import { ALONE, usePanelStack } from '../support/panel-stack';

const fixtures = join(__dirname, '..', '..', 'grafana-plugin', 'fixtures');
const fixture = (name: string): unknown => JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8'));
const datasource = { type: 'datasource', uid: 'grafana' };

/** A dashboard with frames in it, as Grafana keeps those of a snapshot. */
const dashboard = (uid: string, frames: readonly string[], panel: Readonly<Record<string, unknown>> = {}) =>
  panelDashboard(uid, {
    datasource,
    targets: [{ refId: 'A', datasource, queryType: 'snapshot', snapshot: frames.map(fixture) }],
    ...panel,
  });

const purple = { type: 'value', options: { llm_thinking: { color: '#ff00ff', index: 0 } } };
const looks = {
  defaults: { unit: 'ms', decimals: 3, noValue: 'n/a' },
  overrides: [
    { matcher: { id: 'byName', options: 'operationName' }, properties: [{ id: 'mappings', value: [purple] }] },
  ],
};

const stack = usePanelStack({
  dashboards: [
    dashboard('trace-tempo', ['tempo']),
    dashboard('trace-jaeger', ['jaeger']),
    dashboard('trace-zipkin', ['zipkin']),
    dashboard('trace-looks', ['tempo'], {
      fieldConfig: looks,
      options: { view: 'outline', rail: 'never', follow: true, minimap: true },
    }),
    dashboard('trace-all', ['tempo', 'jaeger', 'zipkin'], { options: { view: 'graph' } }),
  ],
});

const open = (uid: string, theme: 'dark' | 'light' = 'dark') =>
  stack.open({ path: `/d/${uid}`, params: { ...ALONE, theme }, theme });

describe('a trace of', () => {
  it.each([
    ['tempo', 7, 'llm_thinking', 'ok', 'tool_call', 'POST /ask/stream'],
    ['jaeger', 5, 'reserve stock', 'ok', 'charge card', 'HTTP POST /checkout'],
    ['zipkin', 5, 'select', 'ok', 'publish order', 'post /orders'],
  ])('%s is drawn in every view', async (name, count, checkpoint, status, failed, flowName) => {
    const flows = await open(`trace-${name}`);
    await flows.untilNodes(count);
    for (const view of ['Tree', 'Timeline', 'Outline'] as const) {
      await flows.view(view);
      await flows.node(checkpoint, status).waitFor();
      await flows.node(failed, 'error').waitFor();
      await flows.shot(`trace-${name}-${view.toLowerCase()}`);
    }
    expect(await flows.panel.getAttribute('data-nodes')).toBe(String(count));
    await flows.panel.getByText(flowName).first().waitFor();
    await flows.node(failed, 'error').click();
    await flows.page.getByTestId('flow-node-details').getByText('service.name').first().waitFor();
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });
});

describe('several traces', () => {
  it('stand in the list, and an unknown view is the tree', async () => {
    const flows = await open('trace-all', 'light');
    await flows.page.getByTestId('flow-list-item').nth(2).waitFor();
    expect(await flows.panel.getAttribute('data-view')).toBe('tree');
    await flows.page.getByTestId('flow-list-item').filter({ hasText: 'checkout' }).click();
    await flows.untilFlow('00000000000000003b2c9d41e7f0a586');
    await flows.shot('trace-all-light');
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });
});

describe('field options', () => {
  it('change durations and colours in every view', async () => {
    const flows = await open('trace-looks');
    await flows.untilNodes(7);
    expect(await flows.panel.getAttribute('data-view')).toBe('outline');
    expect(await flows.page.getByTestId('flow-list-item').count()).toBe(0);
    await flows.panel.getByText('2.740 s').first().waitFor();
    const coloured = (): Promise<number> =>
      flows.panel.evaluate((root) => {
        const all = [
          ...(root as unknown as { querySelectorAll(css: string): Iterable<unknown> }).querySelectorAll('*'),
        ];
        const style = (element: unknown): { backgroundColor: string } =>
          (globalThis as unknown as { getComputedStyle(of: unknown): { backgroundColor: string } }).getComputedStyle(
            element,
          );
        return all.filter((element) => style(element).backgroundColor === 'rgb(255, 0, 255)').length;
      });
    expect(await coloured()).toBeGreaterThan(0);
    await flows.shot('trace-looks-outline');
    await flows.view('Timeline');
    await flows.panel.getByText('2.740 s').first().waitFor();
    expect(await coloured()).toBeGreaterThan(0);
    await flows.view('Tree');
    await flows.panel.getByRole('treeitem', { name: /llm_thinking.* 2\.740 s/ }).waitFor();
    await flows.shot('trace-looks-tree');
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });
});
