import { FLOW_STATUSES, type FlowStatus } from '@flow-tracking/protocol';
import type { DataFrame, DataLink, Field, FieldConfig, FieldType, MappingType } from '@grafana/data';
import { t } from '../../texts/t';

// By their values, so that this file needs nothing of Grafana at run time.
const VALUE_MAPPING = 'value' as MappingType.ValueToText;

/** A column of a table frame, and where its values come from. */
export interface TableColumn<Row> {
  readonly name: string;
  readonly type: 'string' | 'number' | 'time' | 'boolean';
  /** What people read above it. */
  readonly title: string;
  readonly unit?: string;
  readonly links?: readonly DataLink[];
  readonly config?: FieldConfig;
  value(this: void, row: Row): unknown;
}

/** A text that reads as a number stays as it is: ids may be `1e3` or `007`. */
export const VERBATIM = 'string';

const STATUS_COLORS: Record<FlowStatus, string> = {
  running: 'blue',
  ok: 'green',
  error: 'red',
  aborted: 'orange',
  timed_out: 'red',
  lost: 'purple',
};

/** Statuses in words, in the colours of the theme. */
export function statusConfig(): FieldConfig {
  const options = Object.fromEntries(
    FLOW_STATUSES.map((status, index) => [
      status,
      { text: t(`status.${status}`), color: STATUS_COLORS[status], index },
    ]),
  );
  return { mappings: [{ type: VALUE_MAPPING, options }], custom: { cellOptions: { type: 'color-text' } } };
}

/** One row a `Row`. */
export function tableFrame<Row>(name: string, columns: readonly TableColumn<Row>[], rows: readonly Row[]): DataFrame {
  const fields = columns.map((column): Field => ({
    name: column.name,
    type: column.type as FieldType,
    config: {
      displayName: column.title,
      ...(column.unit !== undefined && { unit: column.unit }),
      ...(column.links !== undefined && { links: [...column.links] }),
      ...column.config,
    },
    values: rows.map(column.value),
  }));
  return { name, length: rows.length, fields, meta: { preferredVisualisationType: 'table' } };
}
