import { PanelPlugin, type PanelProps } from '@grafana/data';
import {
  AxisPlacement,
  BarAlignment,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LineInterpolation,
  ScaleDistribution,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  type VizLegendOptions,
  type VizTooltipOptions,
} from '@grafana/schema';
import { TimeSeries, TooltipPlugin } from '@grafana/ui';
import { AnnotationMarks } from './annotation-marks';
import { NoData } from './panel-note';
import { registerCustomFields } from './register-custom-fields';
import { prepareTimeSeries } from './time-series-frames';

interface TimeSeriesOptions {
  legend?: Partial<VizLegendOptions>;
  tooltip?: Partial<VizTooltipOptions>;
}

const LEGEND: VizLegendOptions = {
  showLegend: true,
  displayMode: LegendDisplayMode.List,
  placement: 'bottom',
  calcs: [],
};

/** Grafana's time series panel, as a wrapper over `TimeSeries`: lines, bars and points, stacked or not, with a tooltip. */
export function timeSeriesPanel(): PanelPlugin {
  return new PanelPlugin<TimeSeriesOptions>(TimeSeriesPanel)
    .setDataSupport({ annotations: true, alertStates: false })
    .useFieldConfig({
      standardOptions: { color: { defaultValue: { mode: 'palette-classic' } } },
      useCustomConfig: (builder) => registerCustomFields(builder, FIELD_DEFAULTS),
    }) as PanelPlugin;
}

const FIELD_DEFAULTS = {
  axisBorderShow: false,
  axisCenteredZero: false,
  axisColorMode: 'text',
  axisGridShow: undefined,
  axisLabel: '',
  axisPlacement: AxisPlacement.Auto,
  axisSoftMax: undefined,
  axisSoftMin: undefined,
  axisWidth: undefined,
  barAlignment: BarAlignment.Center,
  barMaxWidth: undefined,
  barWidthFactor: 0.6,
  drawStyle: GraphDrawStyle.Line,
  fillBelowTo: undefined,
  fillColor: undefined,
  fillOpacity: 0,
  gradientMode: GraphGradientMode.None,
  hideFrom: { tooltip: false, viz: false, legend: false },
  insertNulls: false,
  lineColor: undefined,
  lineInterpolation: LineInterpolation.Linear,
  lineStyle: undefined,
  lineWidth: 1,
  pointColor: undefined,
  pointSize: 5,
  scaleDistribution: { type: ScaleDistribution.Linear },
  showPoints: VisibilityMode.Auto,
  showValues: false,
  spanNulls: false,
  stacking: { mode: StackingMode.None, group: 'A' },
  thresholdsStyle: { mode: GraphThresholdsStyleMode.Off },
  transform: undefined,
};

function TimeSeriesPanel({
  data,
  width,
  height,
  options,
  fieldConfig,
  timeRange,
  timeZone,
}: PanelProps<TimeSeriesOptions>) {
  const frames = prepareTimeSeries(data.series);
  if (frames.length === 0) return <NoData fieldConfig={fieldConfig} />;
  const tooltip = options.tooltip?.mode ?? TooltipDisplayMode.Single;
  return (
    <TimeSeries
      frames={frames}
      structureRev={data.structureRev}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={{ ...LEGEND, ...options.legend }}
      options={options}
    >
      {(config, alignedFrame) => (
        <>
          <AnnotationMarks frames={data.annotations ?? []} config={config} />
          {tooltip === TooltipDisplayMode.None ? null : (
            <TooltipPlugin
              frames={frames}
              data={alignedFrame}
              config={config}
              mode={tooltip}
              sortOrder={options.tooltip?.sort ?? SortOrder.None}
              timeZone={timeZone}
            />
          )}
        </>
      )}
    </TimeSeries>
  );
}
