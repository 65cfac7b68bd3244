import type { MappedSpan } from './map-span';

/*
 * What a span tells of its flow, as the fields of a `flow_identified`. The text is what the fact is known by, so it is the same for a
 * span that comes again.
 */

/** User and session; empty: none. */
export function factText(user: string | undefined, session: string | undefined): string {
  if (user === undefined && session === undefined) return '';
  return JSON.stringify({ user_id: user, session_id: session });
}

export const factOf = ({ user, session }: MappedSpan): string => factText(user, session);

/** Name and start, as its root tells them. */
export function rootFactText(name: string, startMs: number): string {
  return JSON.stringify({ name, started_ts: startMs });
}

export const rootFactOf = ({ name, startMs }: MappedSpan): string => rootFactText(name, startMs);
