/** Writes numbers as a language does. */
export interface Numbers {
  /** `12,345`, with up to three decimals where there are any. */
  plain(this: void, value: number): string;
  /** `3.9`, with as many decimals as are asked for and no thousands apart. */
  fixed(this: void, value: number, decimals: number): string;
}

export function createNumbers(language: string): Numbers {
  const format = new Intl.NumberFormat(language);
  const point = format.formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  // Most of what is counted is small, and the format takes ten times as long.
  const isPlain = format.format(123) === '123';
  const isSmall = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 1_000;
  return {
    plain: (value) => (isPlain && isSmall(value) ? `${value}` : format.format(value)),
    fixed: (value, decimals) => {
      const text = value.toFixed(decimals);
      return point === '.' ? text : text.replace('.', point);
    },
  };
}
