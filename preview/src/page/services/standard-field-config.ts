import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  identityOverrideProcessor,
  numberOverrideProcessor,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
  type FieldConfigPropertyItem,
} from '@grafana/data';

type Process = FieldConfigPropertyItem['process'];

/** The field options every panel has: how dashboards' defaults and overrides reach a field. Without editors. */
const PROPERTIES: Record<string, { process: unknown; defaultValue?: unknown }> = {
  unit: { process: unitOverrideProcessor },
  min: { process: numberOverrideProcessor },
  max: { process: numberOverrideProcessor },
  decimals: { process: numberOverrideProcessor },
  displayName: { process: displayNameOverrideProcessor },
  noValue: { process: stringOverrideProcessor },
  fieldMinMax: { process: booleanOverrideProcessor },
  filterable: { process: booleanOverrideProcessor },
  color: { process: identityOverrideProcessor },
  links: { process: dataLinksOverrideProcessor },
  actions: { process: identityOverrideProcessor },
  mappings: { process: valueMappingsOverrideProcessor, defaultValue: [] },
  thresholds: {
    process: thresholdsOverrideProcessor,
    defaultValue: {
      mode: 'absolute',
      steps: [
        { value: -Infinity, color: 'green' },
        { value: 80, color: 'red' },
      ],
    },
  },
};

export function standardFieldConfig(): FieldConfigPropertyItem[] {
  return Object.entries(PROPERTIES).map(([id, { process, defaultValue }]) => ({
    id,
    path: id,
    name: id,
    editor: () => null,
    override: () => null,
    process: process as Process,
    shouldApply: () => true,
    ...(defaultValue !== undefined && { defaultValue }),
  }));
}
