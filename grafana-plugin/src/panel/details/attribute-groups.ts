import type { Attributes, JsonValue } from '@flow-tracking/protocol';
import { ATTRIBUTE_GROUPS, nameOf, type AttributeGroup, type AttributeName } from './attribute-names';

/** An attribute as it stands in its group. */
export interface NamedAttribute extends AttributeName {
  /** As the application wrote it. */
  readonly name: string;
  readonly value: JsonValue;
}

export interface GroupOfAttributes {
  readonly group: AttributeGroup;
  readonly attributes: readonly NamedAttribute[];
}

/**
 * Attributes by group. Known ones come first, in their own order; others as they were recorded.
 *
 * @param left names that are shown elsewhere
 */
export function groupAttributes(attributes: Attributes, left: ReadonlySet<string>): readonly GroupOfAttributes[] {
  const groups = new Map<AttributeGroup, (NamedAttribute & { order: number })[]>();
  for (const [name, value] of Object.entries(attributes)) {
    if (left.has(name)) continue;
    const named = nameOf(name);
    const own = groups.get(named.group) ?? [];
    groups.set(named.group, own);
    own.push({ ...named, name, value });
  }
  return ATTRIBUTE_GROUPS.flatMap((group) => {
    const own = groups.get(group);
    if (own === undefined) return [];
    // Not a difference: that of two unknown ones is no number.
    return [{ group, attributes: own.sort((a, b) => (a.order === b.order ? 0 : a.order < b.order ? -1 : 1)) }];
  });
}
