/** An object whose fields nobody has checked: answers come from any server that speaks like the provider's. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

/** The fields of an object; of anything else none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : NONE;
}

/** The items of an array; of anything else none. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A count that is worth to be told: 0 is none. */
export function someOf(value: unknown): number | undefined {
  const count = numberOf(value);
  return count === 0 ? undefined : count;
}

/** Those that are no empty text, once each; undefined when there are none. */
export function textsOf(values: Iterable<unknown>): string[] | undefined {
  const texts = new Set<string>();
  for (const value of values) if (typeof value === 'string' && value !== '') texts.add(value);
  return texts.size === 0 ? undefined : [...texts];
}
