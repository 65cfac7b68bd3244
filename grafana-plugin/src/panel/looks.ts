import {
  formattedValueToString,
  getDisplayProcessor,
  MappingType,
  stringToJsRegex,
  type DataFrame,
  type Field,
  type FieldConfig,
  type GrafanaTheme2,
  type ValueMapping,
  type ValueMappingResult,
} from '@grafana/data';
import { CHECKPOINT_FIELDS } from '../frames/fields';
import { checkpointColor } from './colors';
import { formatDuration } from './format';

/** @param ms at least 0 */
export type FormatDuration = (this: void, ms: number) => string;

/** How a dashboard wants durations and checkpoints to look. */
export interface Looks {
  readonly duration: FormatDuration;
  /** How long after the flow's begin something was, or before it: `+1.2 s`, `−3 ms`. */
  offset(this: void, ms: number): string;
  /** Stands where nobody knows how long something took. */
  readonly noDuration: string;
  color(this: void, theme: GrafanaTheme2, checkpoint: string): string;
}

/** Our own format says `<1 ms` of a part of one, which is no place in time; a dashboard's decimals show it as it is. */
function offsetFormat(duration: FormatDuration): Looks['offset'] {
  const shown = duration === formatDuration ? Math.floor : (ms: number) => ms;
  return (ms) => (ms < 0 ? `−${duration(-ms)}` : `+${duration(shown(ms))}`);
}

export const DEFAULT_LOOKS: Looks = {
  duration: formatDuration,
  offset: offsetFormat(formatDuration),
  noDuration: '–',
  color: checkpointColor,
};

/** What a person can set of the two fields that are drawn. */
export interface LooksConfig {
  readonly duration: Pick<FieldConfig, 'unit' | 'decimals' | 'noValue'>;
  readonly checkpoint: Pick<FieldConfig, 'mappings' | 'color'>;
}

/** The unit that durations have by themselves: it asks for nothing. */
const OWN_UNIT = 'ms';
/** How much of a unit that counts time makes a millisecond: a duration is shown as long as it was, in whichever unit. */
const PER_MS: Readonly<Record<string, number>> = {
  ns: 1e6,
  µs: 1e3,
  s: 1e-3,
  m: 1 / 60_000,
  h: 1 / 3_600_000,
  d: 1 / 86_400_000,
  dtdurations: 1e-3,
  dthms: 1e-3,
  clocks: 1e-3,
};

function configOf(frames: readonly DataFrame[], names: readonly string[]): Field['config'] {
  for (const name of names) {
    for (const frame of frames) {
      const field = frame.fields.find((candidate) => candidate.name === name);
      if (field !== undefined) return field.config;
    }
  }
  return {};
}

/** What is set of durations and checkpoints in the first frame that has them, ours before those of traces. */
export function looksConfig(frames: readonly DataFrame[]): LooksConfig {
  const { unit, decimals, noValue } = configOf(frames, [CHECKPOINT_FIELDS.durationMs, 'duration']);
  const { mappings, color } = configOf(frames, [CHECKPOINT_FIELDS.checkpoint, 'operationName']);
  return {
    duration: {
      ...(unit !== undefined && unit !== '' && { unit }),
      ...(typeof decimals === 'number' && { decimals }),
      ...(noValue !== undefined && noValue !== '' && { noValue }),
    },
    checkpoint: {
      ...(mappings !== undefined && mappings.length > 0 && { mappings }),
      ...(color?.mode === 'fixed' && color.fixedColor !== undefined && { color }),
    },
  };
}

function durationFormat({ unit, decimals }: LooksConfig['duration'], theme: GrafanaTheme2): FormatDuration {
  if ((unit === undefined || unit === OWN_UNIT) && decimals === undefined) return formatDuration;
  const config = { unit: unit ?? OWN_UNIT, ...(decimals !== undefined && { decimals }) };
  const type = 'number' as Field['type'];
  const display = getDisplayProcessor({
    field: { name: CHECKPOINT_FIELDS.durationMs, type, config, values: [] },
    theme,
  });
  const perMs = (Object.hasOwn(PER_MS, config.unit) ? PER_MS[config.unit] : undefined) ?? 1;
  return (ms) => formattedValueToString(display(Math.max(0, ms) * perMs));
}

/** A pattern is between slashes, as in Grafana; one that is none matches nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return stringToJsRegex(pattern).test(value);
  } catch {
    return false;
  }
}

/** By name or by pattern: what else Grafana maps is no name. The first one that has a colour counts. */
function colorIn(mappings: readonly ValueMapping[], value: string): string | undefined {
  for (const mapping of mappings) {
    let result: ValueMappingResult | undefined;
    if (mapping.type === MappingType.ValueToText)
      result = Object.hasOwn(mapping.options, value) ? mapping.options[value] : undefined;
    else if (mapping.type === MappingType.RegexToText && matches(mapping.options.pattern, value))
      result = mapping.options.result;
    if (result?.color !== undefined) return result.color;
  }
  return undefined;
}

function mappedColor({ mappings, color }: LooksConfig['checkpoint'], checkpoint: string): string | undefined {
  return colorIn(mappings ?? [], checkpoint) ?? color?.fixedColor;
}

export function createLooks({ duration, checkpoint }: LooksConfig, theme: GrafanaTheme2): Looks {
  const format = durationFormat(duration, theme);
  return {
    duration: format,
    offset: offsetFormat(format),
    noDuration: duration.noValue ?? DEFAULT_LOOKS.noDuration,
    color(shownIn, name) {
      const color = mappedColor(checkpoint, name);
      return color === undefined ? checkpointColor(shownIn, name) : shownIn.visualization.getColorByName(color);
    },
  };
}
