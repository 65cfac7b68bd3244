import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readAlertRules, sqlOf, type AlertRule } from './support/alert-rules';

const root = join(__dirname, '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

const { apiVersion, groups } = readAlertRules();
const rules = groups.flatMap((group) => group.rules);
const [datasource] = (
  parse(read('provisioning', 'datasources', 'flow-postgres.yaml')) as {
    datasources: { uid: string; type: string; secureJsonData: unknown; isDefault: boolean }[];
  }
).datasources;

/** Texts that Grafana puts its environment's variables into: all but annotations. */
function interpolated(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === 'annotations' ? [] : interpolated(item)));
}

/** As GitHub makes them of headings. */
const anchors = () =>
  [...read('docs', 'alerts.md').matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '').toLowerCase().replaceAll(' ', '-'),
  );

describe('the provisioned alert rules', () => {
  it('have the shape of a provisioning file of Grafana', () => {
    expect(apiVersion).toBe(1);
    for (const { orgId, name, folder, interval } of groups) {
      expect([orgId, folder]).toEqual([1, 'Flow tracking']);
      expect(name).toMatch(/^flow-\w+$/);
      // Grafana's scheduler ticks every 10 s.
      expect(interval).toMatch(/^([1-5]0s|\dm)$/);
    }
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
    expect(new Set(rules.map(({ title }) => title)).size).toBe(rules.length);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
  });

  it.each(rules.map((rule) => [rule.uid, rule] as const))('%s asks Postgres, reduces, and compares', (uid, rule) => {
    expect(uid).toMatch(/^[\w-]{1,40}$/);
    expect(rule.for).toMatch(/^\d+[sm]$/);
    expect(['OK', 'NoData', 'Alerting', 'KeepLast']).toContain(rule.noDataState);
    expect(['OK', 'Error', 'Alerting', 'KeepLast']).toContain(rule.execErrState);
    for (const { refId, model, datasourceUid, relativeTimeRange } of rule.data) {
      expect(model.refId).toBe(refId);
      expect(model.datasource.uid).toBe(datasourceUid);
      expect(relativeTimeRange.from).toBeGreaterThan(relativeTimeRange.to);
    }
    const [query, reduce, threshold] = rule.data;
    expect(query?.model.datasource).toEqual({ type: datasource?.type, uid: datasource?.uid });
    expect(query?.model).toMatchObject({ format: 'time_series', rawQuery: true });
    expect(reduce?.model).toMatchObject({ type: 'reduce', expression: query?.refId, reducer: 'last' });
    expect(threshold?.model).toMatchObject({ type: 'threshold', expression: reduce?.refId });
    expect(threshold?.refId).toBe(rule.condition);
  });

  it('hold no dollar sign where Grafana would put a variable in, so no macro either', () => {
    expect(interpolated(groups).filter((text) => text.includes('$'))).toEqual([]);
  });

  it('call nobody by themselves, and say how to route them', () => {
    for (const rule of rules) {
      expect(rule).not.toHaveProperty('notification_settings');
      expect(['critical', 'warning']).toContain(rule.labels['severity']);
      expect(rule.labels['source']).toBe('flow-tracking');
    }
  });

  it('take their limits from the table that migrations fill, by names that it knows', () => {
    const migration = read('migrations', '0005_add_alerts.sql');
    const known = /rule IN \(([^)]+)\)/.exec(migration)?.[1] ?? '';
    const stillRunning = migration.slice(migration.indexOf('FUNCTION flow.still_running'));
    const asked = [...rules.map(sqlOf), stillRunning].flatMap((sql) =>
      [...sql.matchAll(/(?:flow\.alert_limit\(|own\.rule = )'(\w+)'/g)].map((match) => match[1]),
    );
    expect([...new Set(asked)].sort()).toEqual([...known.matchAll(/'(\w+)'/g)].map((match) => match[1]).sort());
  });

  it.each(rules.map((rule) => [rule.uid, rule] as const))(
    '%s says what is wrong with what it knows',
    (_uid, { annotations, data }: AlertRule) => {
      const { summary = '', description = '', runbook = '' } = annotations;
      expect(summary.length).toBeGreaterThan(20);
      expect(description.length).toBeGreaterThan(60);
      const values = [...(summary + description).matchAll(/\$values\.(\w+)\.Value/g)].map((match) => match[1]);
      expect(values.length).toBeGreaterThan(0);
      expect(data.map(({ refId }) => refId)).toEqual(expect.arrayContaining(values));
      const [page, anchor] = runbook.split('#');
      expect(page).toBe('docs/alerts.md');
      expect(anchors()).toContain(anchor);
    },
  );

  it('ask a datasource that is nobody’s default, with its password as a secret', () => {
    expect(datasource).toMatchObject({
      isDefault: false,
      type: 'grafana-postgresql-datasource',
      secureJsonData: { password: '$FLOW_READER_PASSWORD' },
    });
  });
});
