import { PanelPlugin, VizOrientation, type FieldDisplay, type PanelProps } from '@grafana/data';
import type { BarGaugeNamePlacement, BarGaugeValueMode } from '@grafana/schema';
import { BarGaugeDisplayMode } from '@grafana/schema';
import { BarGauge, useTheme2, VizRepeater } from '@grafana/ui';
import { PanelNote } from './panel-note';
import { reducedValues, type ReducedOptions } from './reduced-values';

interface BarGaugeOptions extends ReducedOptions {
  displayMode?: BarGaugeDisplayMode;
  valueMode?: BarGaugeValueMode;
  namePlacement?: BarGaugeNamePlacement;
  showUnfilled?: boolean;
}

/** Grafana's bar gauge panel, as a wrapper over `BarGauge`. */
export function barGaugePanel(): PanelPlugin {
  return new PanelPlugin<BarGaugeOptions>(BarGaugePanel).useFieldConfig() as PanelPlugin;
}

function BarGaugePanel(props: PanelProps<BarGaugeOptions>) {
  const { width, height, options, data, renderCounter } = props;
  const theme = useTheme2();
  if (data.series.length === 0) return <PanelNote>No data</PanelNote>;
  const orientation = options.orientation ?? VizOrientation.Horizontal;
  return (
    <VizRepeater<FieldDisplay>
      getValues={() => reducedValues(props, theme, false)}
      width={width}
      height={height}
      source={data}
      renderCounter={renderCounter}
      orientation={orientation}
      itemSpacing={8}
      renderValue={({ value, width: valueWidth, height: valueHeight }) => (
        <BarGauge
          value={value.display}
          field={value.field}
          display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0)}
          width={valueWidth}
          height={valueHeight}
          orientation={orientation}
          theme={theme}
          displayMode={options.displayMode ?? BarGaugeDisplayMode.Gradient}
          valueDisplayMode={options.valueMode}
          namePlacement={options.namePlacement}
          showUnfilled={options.showUnfilled ?? true}
        />
      )}
    />
  );
}
