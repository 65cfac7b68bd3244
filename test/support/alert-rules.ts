import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One query or expression of a rule. */
export interface RuleQuery {
  refId: string;
  datasourceUid: string;
  relativeTimeRange: { from: number; to: number };
  model: {
    refId: string;
    type?: string;
    datasource: { type: string; uid: string };
    expression?: string;
    reducer?: string;
    conditions?: { evaluator: { type: string; params: number[] } }[];
    format?: string;
    rawQuery?: boolean;
    rawSql?: string;
  };
}

export interface AlertRule {
  uid: string;
  title: string;
  condition: string;
  data: RuleQuery[];
  noDataState: string;
  execErrState: string;
  for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface RuleGroup {
  orgId: number;
  name: string;
  folder: string;
  interval: string;
  rules: AlertRule[];
}

/** The groups of rules that are provisioned. */
export function readAlertRules(): { apiVersion: number; groups: RuleGroup[] } {
  const file = join(__dirname, '..', '..', 'provisioning', 'alerting', 'flow-tracking.yaml');
  return parse(readFileSync(file, 'utf8')) as { apiVersion: number; groups: RuleGroup[] };
}

/** What a rule asks Postgres. */
export function sqlOf(rule: AlertRule): string {
  const sql = rule.data.find(({ refId }) => refId === 'A')?.model.rawSql;
  if (sql === undefined) throw new Error(`The rule ${rule.uid} has no query A`);
  return sql;
}

/** Where a rule fires, by its threshold. */
export function isFiring(rule: AlertRule, value: number): boolean {
  const evaluator = rule.data.find(({ refId }) => refId === rule.condition)?.model.conditions?.[0]?.evaluator;
  if (evaluator?.type !== 'gt') throw new Error(`The rule ${rule.uid} has no threshold of type gt`);
  return value > (evaluator.params[0] ?? Number.NaN);
}
