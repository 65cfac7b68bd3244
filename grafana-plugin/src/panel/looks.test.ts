import '../testing/window';
import { createTheme, MappingType, type DataFrame, type FieldConfig, type FieldType } from '@grafana/data';
import { checkpointColor } from './colors';
import { formatDuration } from './format';
import { createLooks, DEFAULT_LOOKS, looksConfig } from './looks';

const theme = createTheme({ colors: { mode: 'dark' } });

const frame = (configs: Readonly<Record<string, FieldConfig>>): DataFrame => ({
  length: 0,
  fields: Object.entries(configs).map(([name, config]) => ({
    name,
    type: 'other' as FieldType.other,
    config,
    values: [],
  })),
});
const looksOf = (configs: Readonly<Record<string, FieldConfig>>) => createLooks(looksConfig([frame(configs)]), theme);
const ofDuration = (config: FieldConfig) => looksOf({ duration_ms: config });

describe('looks', () => {
  it('are the panel’s own while nobody sets anything', () => {
    const looks = ofDuration({ unit: 'ms' });
    expect(looks.duration).toBe(formatDuration);
    expect(looks.noDuration).toBe(DEFAULT_LOOKS.noDuration);
    expect(looks.color(theme, 'tool_call')).toBe(checkpointColor(theme, 'tool_call'));
    expect(createLooks(looksConfig([]), theme).duration(1234)).toBe('1.2 s');
  });

  it.each<[string, FieldConfig, string]>([
    ['decimals', { unit: 'ms', decimals: 3 }, '1.235 s'],
    ['seconds', { unit: 's', decimals: 2 }, '1.23 s'],
    ['hours', { unit: 'h', decimals: 4 }, '0.0003 hour'],
    ['a clock', { unit: 'clockms' }, '01s:234ms'],
    ['a plain number', { unit: 'none', decimals: 1 }, '1234.5'],
    ['an unknown unit as what follows the number', { unit: 'ticks', decimals: 0 }, '1235 ticks'],
  ])('show durations with %s', (_, config, text) => expect(ofDuration(config).duration(1234.5)).toBe(text));

  it('show the same time in whichever unit of time', () => {
    for (const unit of ['ns', 'µs', 's', 'm']) {
      expect(ofDuration({ unit, decimals: 1 }).duration(90_000)).toMatch(/^(1\.5 mins?|90\.0 s)$/);
    }
  });

  it('say when something was by whole milliseconds, or as exactly as a dashboard wants it', () => {
    expect([412.7, 0.4, -3].map(DEFAULT_LOOKS.offset)).toEqual(['+412 ms', '+0 ms', '−3 ms']);
    expect([412.7, 0.4, -3].map(ofDuration({ decimals: 1 }).offset)).toEqual(['+412.7 ms', '+0.4 ms', '−3.0 ms']);
  });

  it('say in a dashboard’s words that a duration is unknown', () => {
    expect(ofDuration({ noValue: 'n/a' }).noDuration).toBe('n/a');
  });

  it('colour checkpoints by name, by pattern, or all alike', () => {
    const mappings: FieldConfig['mappings'] = [
      { type: MappingType.ValueToText, options: { llm_thinking: { color: 'purple', index: 0 }, plain: { text: 'x' } } },
      { type: MappingType.RegexToText, options: { pattern: '/^tool/', result: { color: '#123456', index: 1 } } },
      { type: MappingType.RegexToText, options: { pattern: '/(/', result: { color: 'red', index: 2 } } },
    ];
    const looks = looksOf({ checkpoint: { mappings } });
    expect(looks.color(theme, 'llm_thinking')).toBe(theme.visualization.getColorByName('purple'));
    expect(looks.color(theme, 'tool_call')).toBe('#123456');
    for (const name of ['plain', 'auth_check', 'constructor', '__proto__']) {
      expect(looks.color(theme, name)).toBe(checkpointColor(theme, name));
    }
    const fixed = looksOf({ checkpoint: { mappings, color: { mode: 'fixed', fixedColor: 'blue' } } });
    expect(fixed.color(theme, 'llm_thinking')).toBe(theme.visualization.getColorByName('purple'));
    expect(fixed.color(theme, 'auth_check')).toBe(theme.visualization.getColorByName('blue'));
    expect(looksOf({ checkpoint: { color: { mode: 'thresholds' } } }).color(theme, 'a')).toBe(
      checkpointColor(theme, 'a'),
    );
  });

  it('are read from traces, too', () => {
    const mappings: FieldConfig['mappings'] = [
      { type: MappingType.ValueToText, options: { 'GET /': { color: 'red' } } },
    ];
    const looks = looksOf({ duration: { unit: 'ms', decimals: 0 }, operationName: { mappings } });
    expect(looks.duration(412.4)).toBe('412 ms');
    expect(looks.color(theme, 'GET /')).toBe(theme.visualization.getColorByName('red'));
  });
});
