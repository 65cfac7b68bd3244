import { DEFAULT_OPTIONS, FLOW_VIEWS, RAIL_MODES, TREE_DIRECTIONS, type FlowTreeOptions } from './options';

type Check<T> = (value: unknown) => value is T;

const isOneOf =
  <T>(values: readonly T[]): Check<T> =>
  (value): value is T =>
    values.some((known) => known === value);
const isBoolean: Check<boolean> = (value) => typeof value === 'boolean';

const CHECKS: { readonly [Name in keyof FlowTreeOptions]: Check<FlowTreeOptions[Name]> } = {
  view: isOneOf(FLOW_VIEWS),
  foldSiblings: isBoolean,
  direction: isOneOf(TREE_DIRECTIONS),
  follow: isBoolean,
  rail: isOneOf(RAIL_MODES),
  minimap: isBoolean,
};

/**
 * Options of a panel as any version saved it, or as somebody wrote it by hand: what this version knows and can take stays, all
 * else is as if nobody had set it. Never throws.
 */
export function migrateOptions(panel: { readonly options?: unknown } | null | undefined): FlowTreeOptions {
  const saved: unknown = panel?.options;
  const options: Record<string, unknown> = { ...DEFAULT_OPTIONS };
  if (typeof saved !== 'object' || saved === null) return { ...DEFAULT_OPTIONS };
  for (const [name, isValid] of Object.entries(CHECKS)) {
    const value = Object.hasOwn(saved, name) ? (saved as Record<string, unknown>)[name] : undefined;
    if (isValid(value)) options[name] = value;
  }
  return options as unknown as FlowTreeOptions;
}
