import { css } from '@emotion/css';
import {
  dateTimeFormat,
  FieldType,
  getFieldDisplayName,
  PanelPlugin,
  type DataFrame,
  type GrafanaTheme2,
  type PanelProps,
} from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { useEffect, useMemo, useRef, useState, type PointerEvent } from 'react';
import { NoData } from './panel-note';

/** Grafana's heat map for frames of `heatmap-rows`: a time field, and a number field for each bucket, from low to high. */
export function heatmapPanel(): PanelPlugin {
  return new PanelPlugin(HeatmapPanel).useFieldConfig();
}

const LEFT = 64;
const BOTTOM = 20;
const LABEL_HEIGHT = 16;
const LABEL_WIDTH = 90;
/** A column that is alone is as wide as the plot. */
const ALL_TIME_MS = Infinity;

/** Cells are on a canvas: a day of minutes has forty thousand, which as elements kept the page from answering for half a minute. */
function HeatmapPanel({ data, fieldConfig, width, height, timeRange, timeZone }: PanelProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [said, setSaid] = useState('');
  const frame = data.series.find((candidate) => candidate.length > 0);
  const map = useMemo(() => (frame === undefined ? undefined : readRows(frame)), [frame]);
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const [plotWidth, plotHeight] = [Math.max(0, width - LEFT), Math.max(0, height - BOTTOM)];
  useEffect(() => {
    if (canvas.current === null || map === undefined) return;
    const color = theme.visualization.getColorByName('orange');
    drawCells(canvas.current, map, { from, to, width: plotWidth, height: plotHeight, color });
  }, [map, from, to, plotWidth, plotHeight, theme]);
  if (map === undefined) return <NoData fieldConfig={fieldConfig} />;
  const { times, step, buckets } = map;
  const rowHeight = plotHeight / Math.max(1, buckets.length);
  const everyRow = Math.max(1, Math.ceil(LABEL_HEIGHT / rowHeight));
  const ticks = Math.max(2, Math.floor(plotWidth / LABEL_WIDTH));
  const sayCell = ({ nativeEvent }: PointerEvent<HTMLCanvasElement>) => {
    const bucket = buckets[Math.floor((plotHeight - nativeEvent.offsetY) / rowHeight)];
    const at = from + (nativeEvent.offsetX / plotWidth) * (to - from);
    const i = times.findLastIndex((time) => time <= at && at < time + step);
    const count = bucket?.counts[i] ?? 0;
    setSaid(count === 0 ? '' : `${dateTimeFormat(times[i] ?? at, { timeZone })}, up to ${bucket?.name}: ${count}`);
  };
  return (
    <div className={styles}>
      <svg width={width} height={height}>
        {buckets.map(
          ({ name }, row) =>
            row % everyRow === 0 && (
              <text key={name} x={LEFT - 6} y={plotHeight - row * rowHeight} textAnchor="end">
                {name}
              </text>
            ),
        )}
        {Array.from({ length: ticks }, (_, i) => from + ((to - from) * (i + 0.5)) / ticks).map((time) => (
          <text key={time} x={LEFT + ((time - from) / (to - from)) * plotWidth} y={height - 5} textAnchor="middle">
            {dateTimeFormat(time, { timeZone, format: to - from > 86_400_000 ? 'MM-DD HH:mm' : 'HH:mm' })}
          </text>
        ))}
      </svg>
      <canvas ref={canvas} role="img" aria-label={said || 'Heat map'} title={said} onPointerMove={sayCell} />
    </div>
  );
}

interface HeatMap {
  times: number[];
  /** Between two times, in ms. */
  step: number;
  buckets: { name: string; counts: number[] }[];
}

interface Plot {
  from: number;
  to: number;
  /** In CSS pixels. */
  width: number;
  height: number;
  color: string;
}

function drawCells(canvas: HTMLCanvasElement, { times, step, buckets }: HeatMap, plot: Plot): void {
  const scale = window.devicePixelRatio;
  canvas.width = plot.width * scale;
  canvas.height = plot.height * scale;
  canvas.style.width = `${plot.width}px`;
  canvas.style.height = `${plot.height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(scale, scale);
  context.fillStyle = plot.color;
  const most = buckets.reduce((max, { counts }) => counts.reduce((a, b) => Math.max(a, b), max), 1);
  const rowHeight = plot.height / Math.max(1, buckets.length);
  const xOf = (time: number): number => ((time - plot.from) / (plot.to - plot.from)) * plot.width;
  for (const [row, { counts }] of buckets.entries()) {
    const y = plot.height - (row + 1) * rowHeight;
    for (const [i, count] of counts.entries()) {
      const time = times[i] ?? 0;
      const left = Math.max(0, xOf(time));
      const right = Math.min(plot.width, xOf(time + step));
      if (count === 0 || right <= left) continue;
      context.globalAlpha = 0.15 + 0.85 * Math.sqrt(count / most);
      // Cells of two pixels and more have a gap between them.
      const cellWidth = right - left < 2 ? right - left : right - left - 1;
      context.fillRect(left, y, cellWidth, Math.max(1, rowHeight - 1));
    }
  }
}

/** The buckets in the order of the frame, which is from low to high. */
function readRows(frame: DataFrame): HeatMap {
  const times = (frame.fields.find(({ type }) => type === FieldType.time)?.values ?? []) as number[];
  const numbers = frame.fields.filter(({ type }) => type === FieldType.number);
  const buckets = numbers.map((field) => ({
    name: getFieldDisplayName(field, frame),
    counts: (field.values as (number | null)[]).map((count) => count ?? 0),
  }));
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  return { times, step: step > 0 ? step : ALL_TIME_MS, buckets };
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    position: 'relative',
    svg: { display: 'block' },
    text: { fill: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
    canvas: { position: 'absolute', top: 0, left: LEFT },
  });
