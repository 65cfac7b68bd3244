import { PanelPlugin, VizOrientation, type FieldDisplay, type PanelProps } from '@grafana/data';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  useTheme2,
  VizRepeater,
} from '@grafana/ui';
import { NoData } from './panel-note';
import { reducedValues, type ReducedOptions } from './reduced-values';

interface StatOptions extends ReducedOptions {
  colorMode?: BigValueColorMode;
  graphMode?: BigValueGraphMode;
  justifyMode?: BigValueJustifyMode;
  textMode?: BigValueTextMode;
  wideLayout?: boolean;
  text?: { titleSize?: number; valueSize?: number };
}

/** Grafana's stat panel, as a wrapper over `BigValue`. */
export function statPanel(): PanelPlugin {
  return new PanelPlugin<StatOptions>(StatPanel).useFieldConfig() as PanelPlugin;
}

function StatPanel(props: PanelProps<StatOptions>) {
  const { width, height, options, data, renderCounter } = props;
  const theme = useTheme2();
  const graphMode = options.graphMode ?? BigValueGraphMode.Area;
  const values = () => reducedValues(props, theme, graphMode !== BigValueGraphMode.None);
  if (data.series.length === 0) return <NoData fieldConfig={props.fieldConfig} />;
  return (
    <VizRepeater<FieldDisplay>
      getValues={values}
      width={width}
      height={height}
      source={data}
      renderCounter={renderCounter}
      orientation={options.orientation ?? VizOrientation.Auto}
      autoGrid
      renderValue={({ value, width: valueWidth, height: valueHeight, count }) => (
        <BigValue
          value={value.display}
          width={valueWidth}
          height={valueHeight}
          count={count}
          sparkline={value.sparkline}
          colorMode={options.colorMode ?? BigValueColorMode.Value}
          graphMode={graphMode}
          justifyMode={options.justifyMode ?? BigValueJustifyMode.Auto}
          textMode={options.textMode ?? BigValueTextMode.Auto}
          text={options.text}
          disableWideLayout={options.wideLayout === false}
          theme={theme}
        />
      )}
    />
  );
}
