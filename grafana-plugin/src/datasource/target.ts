import { ALL_USERS, LIMITS } from '@flow-tracking/protocol';
import type { Target } from '../frames/meta';
import { migrateQuery } from './migrate-query';
import type { ReadIds } from './read-ids';
import type { FlowQuery } from './types';

const EVERYONE: Target = { select: 'everyone', ids: [] };

/** What a query asks for, once variables are filled in. */
export function targetOf(query: FlowQuery, read: (text: string) => ReadIds): Target {
  const explicit = migrateQuery(query);
  const { select } = explicit;
  if (select === 'everyone') return EVERYONE;
  const { ids, all } = read(explicit[select] ?? '');
  return select === 'user' && (all || ids.includes(ALL_USERS)) ? EVERYONE : { select, ids };
}

/** Why the bridge would refuse one of the ids of a target; null when it takes them all. */
export function unusableId({ select, ids }: Target): string | null {
  return unusableText(select, ids);
}

/** Why the bridge would refuse one of these ids, in words for people; null when it takes them all. */
export function unusableText(select: string, ids: readonly string[]): string | null {
  for (const id of ids) {
    const bytes = new TextEncoder().encode(id).length;
    if (bytes > LIMITS.idBytes) {
      return `The ${select} id ${JSON.stringify(id.slice(0, 40))}… has ${bytes} bytes; an id has at most ${LIMITS.idBytes}.`;
    }
    if (id.includes('\0')) return `The ${select} id ${JSON.stringify(id)} holds a NUL, which no id does.`;
  }
  return null;
}

/** One line for people. */
export function targetText(query: FlowQuery): string {
  const { queryType, select, user = '', session = '', flow = '' } = migrateQuery(query);
  switch (select) {
    case 'flow':
      return `Flow ${flow}`;
    case 'session':
      return `Session ${session}`;
    case 'user':
      return `${queryType === 'live' ? 'Live' : 'Latest'} flows of ${user === '' ? 'no user' : user}`;
    case 'everyone':
      return queryType === 'live' ? 'Live flows of every monitored user' : 'Latest flows of all users';
  }
}
