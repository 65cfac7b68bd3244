import type { JsonValue } from '@flow-tracking/protocol';
import { t } from '../../texts/t';
import { isParent, type JsonParent } from './attribute-value';

/** Children that one press shows. */
export const PAGE = 100;

/** A line of a tree of JSON. */
export interface JsonRow {
  /** Where it stands, by the positions of it and its parents among their siblings. */
  readonly path: string;
  /** From 1. */
  readonly level: number;
  /** Null for the items of an array, which have none of their own. */
  readonly name: string;
  readonly kind: 'value' | 'parent' | 'more';
  /** Of `more`, the parent. */
  readonly value: JsonValue;
  readonly isOpen: boolean;
  /** Of a parent, its children; of `more`, those that are not shown. */
  readonly count: number;
}

/** What a person has opened in a tree of JSON. */
export interface JsonFolding {
  /** Paths of parents whose children are shown. */
  readonly open: ReadonlySet<string>;
  /** By path, how many children are shown where that is not {@link PAGE}. */
  readonly shown: ReadonlyMap<string, number>;
}

export function childrenOf(value: JsonParent): { readonly count: number; entry: (i: number) => [string, JsonValue] } {
  if (Array.isArray(value)) return { count: value.length, entry: (i) => [String(i), value[i] ?? null] };
  const names = Object.keys(value);
  return { count: names.length, entry: (i) => [names[i] ?? '', value[names[i] ?? ''] ?? null] };
}

interface Open {
  readonly parent: JsonParent;
  readonly path: string;
  readonly level: number;
  readonly last: number;
  readonly children: ReturnType<typeof childrenOf>;
  next: number;
}

/** The lines below a value: only what is open is looked at. Iterative, since JSON may be 10,000 levels deep. */
export function jsonRows(root: JsonParent, { open, shown }: JsonFolding): JsonRow[] {
  const rows: JsonRow[] = [];
  const enter = (parent: JsonParent, path: string, level: number): Open => {
    const children = childrenOf(parent);
    return { parent, path, level, children, last: Math.min(children.count, shown.get(path) ?? PAGE), next: 0 };
  };
  const stack = [enter(root, '', 1)];
  for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
    const { parent, path, level, children, last, next } = at;
    if (next === last) {
      stack.pop();
      const count = children.count - last;
      if (count > 0)
        rows.push({ path: `${path}/+`, level, name: '', kind: 'more', value: parent, isOpen: false, count });
      continue;
    }
    at.next++;
    const [name, value] = children.entry(next);
    const own = `${path}/${next}`;
    if (!isParent(value)) {
      rows.push({ path: own, level, name, kind: 'value', value, isOpen: false, count: 0 });
      continue;
    }
    const { count } = childrenOf(value);
    const isOpen = count > 0 && open.has(own);
    rows.push({ path: own, level, name, kind: 'parent', value, isOpen, count });
    if (isOpen) stack.push(enter(value, own, level + 1));
  }
  return rows;
}

/** Lines that open by themselves. */
const MOST_OPEN_ROWS = 12;

/** What is open at first: level by level, as long as it all fits a few lines. */
export function firstOpen(root: JsonParent): ReadonlySet<string> {
  const open = new Set<string>();
  let level: { value: JsonParent; path: string }[] = [{ value: root, path: '' }];
  let rows = 0;
  while (level.length > 0) {
    for (const { value } of level) rows += Math.min(childrenOf(value).count, PAGE);
    if (rows > MOST_OPEN_ROWS) break;
    const below: typeof level = [];
    for (const { value, path } of level) {
      if (path !== '') open.add(path);
      const { count, entry } = childrenOf(value);
      for (let i = 0; i < count; i++) {
        const [, child] = entry(i);
        if (isParent(child)) below.push({ value: child, path: `${path}/${i}` });
      }
    }
    level = below;
  }
  return open;
}

/** `{}`, `[]`, `3 entries`, `12 items`: what a folded parent holds. */
export function parentText(value: JsonParent, count: number): string {
  if (Array.isArray(value)) return count === 0 ? '[ ]' : t('details.items', { count });
  return count === 0 ? '{ }' : t('details.entries', { count });
}
