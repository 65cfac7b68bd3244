import { checkpointHue } from './checkpoint-hues';

describe('checkpointHue', () => {
  it('knows the common checkpoints and gives every other name a hue that stays', () => {
    expect(checkpointHue('tool_call')).toBe('orange');
    expect(checkpointHue('error')).toBe('red');
    expect(checkpointHue('vector_search')).toBe(checkpointHue('vector_search'));
    expect(checkpointHue('__proto__')).toEqual(expect.any(String));
    expect(checkpointHue('constructor')).toEqual(expect.any(String));
  });

  it('spreads names over the hues', () => {
    const hues = new Set(Array.from({ length: 60 }, (_, i) => checkpointHue(`step_${i}`)));
    expect(hues.size).toBeGreaterThan(9);
  });
});
