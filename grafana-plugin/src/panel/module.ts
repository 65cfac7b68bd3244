import { FieldConfigProperty, PanelPlugin, ThresholdsMode } from '@grafana/data';
import { FlowTreePanel } from './FlowTreePanel';
import { migrateOptions } from './migrations';
import { addPanelOptions } from './panel-options';
import type { FlowTreeOptions } from './options';

/** The standard options of a field that have a meaning here; all others are not offered. */
const WITH_MEANING: readonly FieldConfigProperty[] = [
  FieldConfigProperty.Unit,
  FieldConfigProperty.Decimals,
  FieldConfigProperty.NoValue,
  FieldConfigProperty.Color,
  FieldConfigProperty.Mappings,
  FieldConfigProperty.Thresholds,
  FieldConfigProperty.Links,
];
const WITHOUT_MEANING = Object.values(FieldConfigProperty).filter((property) => !WITH_MEANING.includes(property));

export const plugin = new PanelPlugin<FlowTreeOptions>(FlowTreePanel)
  .setNoPadding()
  .useFieldConfig({
    disableStandardOptions: WITHOUT_MEANING,
    standardOptions: {
      // Grafana's own default has a step at 80: it would call every duration over 80 ms slow.
      [FieldConfigProperty.Thresholds]: {
        defaultValue: { mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: 'green' }] },
      },
    },
  })
  .setMigrationHandler(migrateOptions)
  .setPanelOptions(addPanelOptions);
