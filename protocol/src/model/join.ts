import type { CheckpointStatus } from '../events';
import type { Attributes, ErrorInfo, JsonValue } from '../values';

/*
 * Joins of two values of one field. Each is commutative, associative and idempotent, so that what is joined may come
 * in any order and any number of times. Sound producers never disagree with themselves; for the others the choice only
 * has to be the same every time.
 */

export function smaller<T extends string | number>(a: T, b: T): T {
  return b < a ? b : a;
}

/** The smaller one; null only when both are. */
export function smallerOrNull<T extends string | number>(a: T | null, b: T | null): T | null {
  if (a === null) return b;
  return b === null ? a : smaller(a, b);
}

/** The larger one; null only when both are. */
export function largerOrNull(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null || a >= b ? a : b;
}

/** Only the first three come with events; the others are derived when a node is looked at. */
const STATUS_RANK: Record<CheckpointStatus, number> = {
  running: 0,
  ok: 1,
  error: 2,
  aborted: 3,
  timed_out: 4,
  lost: 5,
};

export function joinStatus(a: CheckpointStatus, b: CheckpointStatus): CheckpointStatus {
  return STATUS_RANK[b] > STATUS_RANK[a] ? b : a;
}

export function joinError(a: ErrorInfo | null, b: ErrorInfo | null): ErrorInfo | null {
  if (a === null) return b;
  if (b === null) return a;
  return b.type < a.type || (b.type === a.type && b.message < a.message) ? b : a;
}

/** JSON text to tell two values apart. Values too deep for JSON.stringify's recursion count as equal to each other. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** Of two that should be the same, always the same one; the first when they are. */
export function settle<T>(a: T, b: T): T {
  return textOf(b) > textOf(a) ? b : a;
}

/** The first itself when both have the very same values; else the second. */
export function keepSame<T extends object>(before: T, after: T): T {
  const keys = Object.keys(after) as (keyof T)[];
  return keys.every((key) => before[key] === after[key]) ? before : after;
}

/** All names of both; the first itself when the second adds nothing. */
export function joinAttributes(a: Attributes, b: Attributes): Attributes {
  if (a === b) return a;
  let result: Attributes | undefined;
  for (const [name, value] of Object.entries(b)) {
    const current = Object.hasOwn(a, name) ? a[name] : undefined;
    if (current === value) continue;
    if (settle<JsonValue | undefined>(current, value) === current) continue;
    result ??= copy(a);
    result[name] = value;
  }
  return result ?? a;
}

/** Both, `over` winning where they differ. */
export function overlayAttributes(under: Attributes, over: Attributes): Attributes {
  return Object.assign(copy(under), over);
}

/** Without a prototype, so that a name like `__proto__` is a name like any other. */
function copy(attributes: Attributes): Attributes {
  return Object.assign(Object.create(null) as Attributes, attributes);
}
