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
import { useState } from 'react';
import { NoData } from './panel-note';

/** Grafana's heat map for frames of `heatmap-rows`: a time field, and a number field for each bucket, from low to high. */
export function heatmapPanel(): PanelPlugin {
  return new PanelPlugin(HeatmapPanel).useFieldConfig();
}

const LEFT = 64;
const BOTTOM = 20;
const LABEL_HEIGHT = 16;
const LABEL_WIDTH = 90;

function HeatmapPanel({ data, fieldConfig, width, height, timeRange, timeZone }: PanelProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const [said, setSaid] = useState('');
  const frame = data.series.find((candidate) => candidate.length > 0);
  if (frame === undefined) return <NoData fieldConfig={fieldConfig} />;
  const { times, buckets } = readRows(frame);
  const most = Math.max(1, ...buckets.flatMap(({ counts }) => counts));
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const [plotWidth, plotHeight] = [Math.max(0, width - LEFT), Math.max(0, height - BOTTOM)];
  const step = times.length > 1 ? (times[1] ?? 0) - (times[0] ?? 0) : to - from;
  const xOf = (time: number): number => LEFT + ((time - from) / (to - from)) * plotWidth;
  const rowHeight = plotHeight / Math.max(1, buckets.length);
  const everyRow = Math.max(1, Math.ceil(LABEL_HEIGHT / rowHeight));
  const ticks = Math.max(2, Math.floor(plotWidth / LABEL_WIDTH));
  return (
    <svg width={width} height={height} role="img" aria-label={said || 'Heat map'} className={styles}>
      {buckets.map(({ name, counts }, row) => (
        <g key={name}>
          {row % everyRow === 0 && (
            <text x={LEFT - 6} y={plotHeight - row * rowHeight} textAnchor="end">
              {name}
            </text>
          )}
          {counts.map((count, i) => {
            const time = times[i] ?? 0;
            const left = Math.max(LEFT, xOf(time));
            const right = Math.min(width, xOf(time + step));
            if (count === 0 || right <= left) return null;
            const text = `${dateTimeFormat(time, { timeZone })}, up to ${name}: ${count}`;
            return (
              <rect
                key={time}
                x={left}
                y={plotHeight - (row + 1) * rowHeight}
                width={Math.max(1, right - left - 1)}
                height={Math.max(1, rowHeight - 1)}
                fill={theme.visualization.getColorByName('orange')}
                fillOpacity={0.15 + 0.85 * Math.sqrt(count / most)}
                onPointerEnter={() => setSaid(text)}
              >
                <title>{text}</title>
              </rect>
            );
          })}
        </g>
      ))}
      {Array.from({ length: ticks }, (_, i) => from + ((to - from) * (i + 0.5)) / ticks).map((time) => (
        <text key={time} x={xOf(time)} y={height - 5} textAnchor="middle">
          {dateTimeFormat(time, { timeZone, format: to - from > 86_400_000 ? 'MM-DD HH:mm' : 'HH:mm' })}
        </text>
      ))}
    </svg>
  );
}

/** The buckets in the order of the frame, which is from low to high. */
function readRows(frame: DataFrame) {
  const times = (frame.fields.find(({ type }) => type === FieldType.time)?.values ?? []) as number[];
  const numbers = frame.fields.filter(({ type }) => type === FieldType.number);
  const buckets = numbers.map((field) => ({
    name: getFieldDisplayName(field, frame),
    counts: (field.values as (number | null)[]).map((count) => count ?? 0),
  }));
  return { times, buckets };
}

const getStyles = (theme: GrafanaTheme2) =>
  css({ display: 'block', text: { fill: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize } });
