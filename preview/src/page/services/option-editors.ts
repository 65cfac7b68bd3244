import type { StandardEditorsRegistryItem } from '@grafana/data';

/** The option editors that a panel's options may name. */
const IDS = [
  'number',
  'slider',
  'text',
  'strings',
  'boolean',
  'select',
  'multi-select',
  'radio',
  'unit',
  'color',
  'fieldColor',
  'links',
  'actions',
  'mappings',
  'thresholds',
  'stats-picker',
  'timezone',
  'field-name',
  'dashboard-uid',
];

/** Reading a panel's option defaults looks each option's editor up; nothing here ever draws one. */
export function optionEditors(): StandardEditorsRegistryItem[] {
  return IDS.map((id) => ({ id, name: id, editor: () => null }));
}
