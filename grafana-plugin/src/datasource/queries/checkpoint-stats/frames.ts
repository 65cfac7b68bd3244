import type { CheckpointHistogram, CheckpointStats, CheckpointSummary } from '@flow-tracking/protocol';
import type { DataFrame, DataFrameType, FieldConfig, FieldType } from '@grafana/data';
import { checkpointHue } from '../../../frames/checkpoint-hues';
import { t } from '../../../texts/t';
import { FIGURES, type Figure } from '../../types';
import { tableFrame, type TableColumn } from '../table';
import { figureText, type FigureKind } from './figures';

// By their values, so that this file needs nothing of Grafana at run time.
const time = 'time' as FieldType.time;
const number = 'number' as FieldType.number;
const MULTI = 'timeseries-multi' as DataFrameType.TimeSeriesMulti;
const FIXED = 'fixed';
const HEATMAP_ROWS = 'heatmap-rows' as DataFrameType.HeatmapRows;

type Figures = Readonly<Record<Figure, FigureKind>>;

/** A frame for each checkpoint and figure; figures of which a checkpoint tells nothing are left out. */
export function timeSeriesFrames(stats: CheckpointStats, wanted: readonly Figure[], figures: Figures): DataFrame[] {
  const stepMs = stats.interval_s * 1_000;
  const times: number[] = [];
  for (let ts = stats.from_ts; ts < stats.to_ts && ts <= Date.now(); ts += stepMs) times.push(ts);
  const alone = wanted.length === 1;
  return stats.checkpoints.flatMap(({ checkpoint, slots }) => {
    const byTime = new Map(slots.map((slot) => [slot.ts, slot]));
    return wanted.flatMap((name): DataFrame[] => {
      const { unit, ofNothing, isZeroNothing, value } = figures[name];
      const values = times.map((ts) => {
        const slot = byTime.get(ts);
        return slot === undefined ? ofNothing : value(slot);
      });
      if (values.every((known) => known === null || (isZeroNothing && known === 0))) return [];
      return [
        {
          name: `${checkpoint} ${name}`,
          length: times.length,
          meta: { type: MULTI, typeVersion: [0, 1], preferredVisualisationType: 'graph' },
          fields: [
            { name: 'time', type: time, config: { interval: stepMs }, values: times },
            {
              name,
              type: number,
              labels: { checkpoint },
              config: {
                unit,
                ...(alone ? lookOf(checkpoint) : { displayNameFromDS: `${checkpoint} · ${figureText(name)}` }),
              },
              values,
            },
          ],
        },
      ];
    });
  });
}

/** A line that is the only one of its checkpoint has the name and the colour that the checkpoint has in flow trees. */
function lookOf(checkpoint: string): FieldConfig {
  return { displayNameFromDS: checkpoint, color: { mode: FIXED, fixedColor: checkpointHue(checkpoint) } };
}

/** `250 ms`, `2.5 s`: a bound of a bucket. */
function boundText(ms: number): string {
  const [value, unit] = ms < 1_000 ? [ms, 'ms'] : ms < 60_000 ? [ms / 1_000, 's'] : [ms / 60_000, 'min'];
  return `${Number(value.toPrecision(2))} ${unit}`;
}

/** A row of cells for each bucket, named by its upper bound. */
export function heatmapFrame({ bounds_ms: bounds, slots, interval_s: intervalS }: CheckpointHistogram): DataFrame {
  return {
    name: 'heatmap',
    length: slots.length,
    meta: { type: HEATMAP_ROWS },
    fields: [
      { name: 'time', type: time, config: { interval: intervalS * 1_000 }, values: slots.map(({ ts }) => ts) },
      ...bounds.slice(1).map((upToMs, i) => ({
        name: boundText(upToMs),
        type: number,
        labels: { le: String(upToMs) },
        config: { unit: 'short', displayNameFromDS: boundText(upToMs) },
        values: slots.map(({ counts }) => counts[i] ?? 0),
      })),
    ],
  };
}

type Line = CheckpointSummary['checkpoints'][number];

/** A row a checkpoint, over the whole range; with cost where prices are configured. */
export function summaryFrame({ checkpoints }: CheckpointSummary, figures: Figures, hasPrices: boolean): DataFrame {
  const columns = FIGURES.filter((name) => name !== 'cost' || hasPrices).map((name): TableColumn<Line> => ({
    name,
    type: 'number',
    title: figureText(name),
    unit: figures[name].unit,
    value: (line) => figures[name].value(line),
  }));
  const checkpoint: TableColumn<Line> = {
    name: 'checkpoint',
    type: 'string',
    title: t('queries.columns.checkpoint'),
    value: (line) => line.checkpoint,
  };
  const models: TableColumn<Line> = {
    name: 'models',
    type: 'string',
    title: t('queries.columns.models'),
    value: (line) =>
      line.models
        .map(({ model }) => model)
        .filter((model) => model !== '')
        .join(', '),
  };
  return tableFrame('checkpoint-summary', [checkpoint, ...columns, models], checkpoints);
}
