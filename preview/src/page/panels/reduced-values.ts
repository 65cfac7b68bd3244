import { getFieldDisplayValues, type FieldDisplay, type PanelProps, type ReduceDataOptions } from '@grafana/data';
import type { GrafanaTheme2, VizOrientation } from '@grafana/data';

/** Options that all panels of single values share. */
export interface ReducedOptions {
  reduceOptions?: Partial<ReduceDataOptions>;
  orientation?: VizOrientation;
}

/** Reduces a panel's fields to the values it shows. */
export function reducedValues(
  { data, options, fieldConfig, replaceVariables, timeZone }: PanelProps<ReducedOptions>,
  theme: GrafanaTheme2,
  sparkline: boolean,
): FieldDisplay[] {
  return getFieldDisplayValues({
    fieldConfig,
    reduceOptions: { calcs: ['lastNotNull'], values: false, ...options.reduceOptions },
    replaceVariables,
    theme,
    data: data.series,
    sparkline,
    timeZone,
  });
}
