import type { Attributes, JsonValue } from '@flow-tracking/protocol';

/** Deeper ones are no messages. */
const MOST_STEPS = 12;

type Building = Map<string, Building | JsonValue>;

function built(value: Building | JsonValue): JsonValue {
  if (!(value instanceof Map)) return value;
  const entries = [...value].map(([name, each]) => [name, built(each)] as const);
  return entries.every(([name]) => /^\d+$/.test(name))
    ? entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, each]) => each)
    : Object.fromEntries(entries);
}

/**
 * The list that attributes `prefix.0.role`, `prefix.0.content`, `prefix.1.…` stand for, as instrumentations write it that
 * may only use plain values. At most 12 levels deep.
 *
 * @returns null when there are none
 */
export function unflatten(attributes: Attributes, prefix: string): { value: JsonValue; names: string[] } | null {
  const root: Building = new Map();
  const names: string[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (!name.startsWith(`${prefix}.`) || !/^\d+(?:\.|$)/.test(name.slice(prefix.length + 1))) continue;
    const steps = name.slice(prefix.length + 1).split('.');
    const last = steps.pop();
    if (last === undefined || steps.length >= MOST_STEPS) continue;
    let at = root;
    for (const step of steps) {
      const below = at.get(step);
      const next = below instanceof Map ? below : new Map<string, Building | JsonValue>();
      at.set(step, next);
      at = next;
    }
    at.set(last, value);
    names.push(name);
  }
  return names.length === 0 ? null : { value: built(root), names };
}
