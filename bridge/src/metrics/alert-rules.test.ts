import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createMetrics } from './metrics';

const root = join(__dirname, '..', '..', '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

const text = read('provisioning', 'prometheus', 'flow-bridge.rules.yaml');
const { groups } = parse(text) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

async function registeredMetrics(): Promise<Set<string>> {
  const metrics = createMetrics({
    history: {
      counts: { written: 0, dead: 0, deadDropped: 0, trimmed: 0, claimed: 0, lost: 0 },
      lag: async () => [],
      stalled: () => 0,
    },
    live: {
      viewers: () => 0,
      pollers: () => 0,
      grants: () => 0,
      counts: { frames: 0, bytes: 0, cutOff: {}, refused: {} },
      hub: { snapshotsFailed: 0, gaps: 0, badFrames: 0 },
    },
    servers: { checkReadiness: async () => ({}), pools: {}, failures: () => [], version: '1' },
  });
  return new Set([...(await metrics.render()).matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1] ?? ''));
}

/** As GitHub makes them of headings. */
const anchorsOf = (file: string): string[] =>
  [...read(file).matchAll(/^#+ (.*)$/gm)].map((match) => (match[1] ?? '').toLowerCase().replaceAll(' ', '-'));

describe('the alert rules', () => {
  it('ask for metrics that the bridge has', async () => {
    const registered = await registeredMetrics();
    const asked = rules.flatMap(({ expr }) => expr.match(/flow_bridge_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(rules.length - 1);
    expect(asked.filter((name) => !registered.has(name.replace(/_(count|sum|bucket)$/, '')))).toEqual([]);
  });

  it('and the dashboard of bridges ask for metrics that are there', async () => {
    const registered = await registeredMetrics();
    const dashboard = read('provisioning', 'dashboards', 'flow-tracking', 'bridge-health.json');
    const asked = dashboard.match(/flow_bridge_\w+/g) ?? [];
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((name) => !registered.has(name.replace(/_(count|sum|bucket)$/, '')))).toEqual([]);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s has a severity, says what to do, and is tested',
    (alert, rule) => {
      expect(['critical', 'warning']).toContain(rule.labels.severity);
      expect(rule.annotations.summary.length).toBeGreaterThan(20);
      const links = [...rule.annotations.description.matchAll(/(docs\/\w+\.md)(?:#([\w-]+))?/g)];
      expect(links.length).toBeGreaterThan(0);
      for (const [, file = '', anchor] of links) {
        if (anchor === undefined) expect(read(file)).toBeTruthy();
        else expect(anchorsOf(file)).toContain(anchor);
      }
      expect(read('test', 'prometheus', 'flow-bridge.rules.test.yaml')).toContain(`alertname="${alert}"`);
    },
  );
});
