import { FieldType, type DataFrame } from '@grafana/data';

/** Keeps the frames that can be drawn over time, without the fields that can't. */
export function prepareTimeSeries(frames: DataFrame[]): DataFrame[] {
  return frames.flatMap((frame) => {
    const time = frame.fields.find((field) => field.type === FieldType.time);
    const values = frame.fields.filter((field) => field.type === FieldType.number || field.type === FieldType.boolean);
    if (!time || values.length === 0 || frame.length === 0) return [];
    return [{ ...frame, fields: [time, ...values] }];
  });
}
