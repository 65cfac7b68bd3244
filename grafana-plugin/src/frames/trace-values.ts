import type { Attributes, JsonValue } from '@flow-tracking/protocol';

/** Something that happened within a span. */
export interface TraceEvent {
  /** Epoch ms; null when it does not say. */
  readonly ts: number | null;
  readonly name: string | null;
  readonly fields: Attributes;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Lists come as they are, or as JSON where a datasource has no type for them. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return null;
  }
}

export function listOf(value: unknown): readonly unknown[] {
  const list = parsed(value);
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

/** The value as JSON has it; what JSON can't say is text, and nothing is null. */
function jsonValue(value: unknown): JsonValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  return isObject(value) ? (value as JsonValue) : null;
}

function pairsOf(value: unknown): (readonly [string, JsonValue])[] {
  const found = parsed(value);
  if (!isObject(found)) return [];
  if (!Array.isArray(found)) return Object.entries(found).map(([name, item]) => [name, jsonValue(item)]);
  return found.flatMap((pair: unknown) =>
    isObject(pair) && typeof pair['key'] === 'string' ? [[pair['key'], jsonValue(pair['value'])] as const] : [],
  );
}

/** A list of `{ key, value }`, or an object, as attributes; of a key that stands there twice, both values. */
export function attributesOf(value: unknown): Attributes {
  const byName = new Map<string, JsonValue>();
  const repeated = new Set<string>();
  for (const [name, item] of pairsOf(value)) {
    const known = byName.get(name);
    if (known === undefined) byName.set(name, item);
    else if (repeated.has(name) && Array.isArray(known)) known.push(item);
    else byName.set(name, [known, item]);
    if (known !== undefined) repeated.add(name);
  }
  return Object.fromEntries(byName);
}

/** The logs of a span: `{ timestamp, fields, name? }` each, of which any may be missing. */
export function eventsOf(value: unknown): TraceEvent[] {
  return listOf(value)
    .filter(isObject)
    .map(({ timestamp, name, fields }) => ({
      ts: typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : null,
      name: typeof name === 'string' && name !== '' ? name : null,
      fields: attributesOf(fields),
    }));
}

/** The first of these attributes that says something, as text. */
export function textOf(attributes: Attributes, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
