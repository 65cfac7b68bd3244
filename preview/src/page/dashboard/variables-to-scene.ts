import {
  ConstantVariable,
  CustomVariable,
  DataSourceVariable,
  IntervalVariable,
  QueryVariable,
  SceneVariableSet,
  TextBoxVariable,
  type SceneVariable,
} from '@grafana/scenes';
import { VariableHide } from '@grafana/schema';
import type { VariableJson } from './dashboard-json';

/** A dashboard's `templating.list` as scene variables. Kinds that the preview doesn't know are left out. */
export function variablesToScene(list: VariableJson[]): SceneVariableSet {
  return new SceneVariableSet({ variables: list.map(toVariable).filter((variable) => variable !== undefined) });
}

function toVariable(json: VariableJson): SceneVariable | undefined {
  const { name, hide, skipUrlSync } = json;
  const base = { name, label: json.label ?? undefined, description: json.description, hide, skipUrlSync };
  const text = typeof json.query === 'string' ? json.query : '';
  switch (json.type) {
    case 'query':
      return new QueryVariable({
        ...base,
        ...choice(json),
        datasource: json.datasource ?? null,
        query: (json.query ?? '') as QueryVariable['state']['query'],
        regex: json.regex ?? '',
        sort: json.sort,
        refresh: json.refresh,
      });
    case 'custom':
      return new CustomVariable({ ...base, ...choice(json), query: text });
    case 'datasource':
      return new DataSourceVariable({ ...base, ...choice(json), pluginId: text, regex: json.regex ?? '' });
    case 'textbox':
      return new TextBoxVariable({ ...base, value: String(json.current?.value ?? text) });
    case 'constant':
      return new ConstantVariable({ ...base, value: text, hide: VariableHide.hideVariable, skipUrlSync: true });
    case 'interval':
      return new IntervalVariable({
        ...base,
        value: String(json.current?.value ?? ''),
        intervals: text.split(',').map((item) => item.trim()),
        autoEnabled: json.auto === true,
        autoStepCount: json.auto_count ?? 30,
        autoMinInterval: json.auto_min ?? '10s',
      });
    default:
      return undefined;
  }
}

/** The state of variables that choose among options. */
function choice({ current, multi, includeAll, allValue, allowCustomValue }: VariableJson) {
  return {
    value: current?.value ?? '',
    text: current?.text ?? '',
    isMulti: multi === true,
    includeAll: includeAll === true,
    defaultToAll: includeAll === true && !current?.value,
    allValue: allValue || undefined,
    allowCustomValue: allowCustomValue !== false,
  };
}
