import type { RunningFlow } from '@flow-tracking/protocol';
import type { RunningFilter } from '../../../bridge-api';
import { modelOf, toolOf } from '../../../datasource/queries/running/waited-for';

/** What of all that runs is shown; an empty text lets everything pass. */
export interface Filters {
  /** Stands in one of the columns, in small or large letters. */
  readonly text: string;
  /** A whole id. */
  readonly user: string;
  /** A whole name. */
  readonly service: string;
  /** How long it runs at least, s. */
  readonly minAgeS: number;
}

export const NO_FILTERS: Filters = { text: '', user: '', service: '', minAgeS: 0 };

/** As many as one answer holds. */
const LIMIT = 500;

/** Filters as an address has them; what is no age is none. */
export function parseFilters(query: URLSearchParams): Filters {
  const minAgeS = Number(query.get('min_age_s') ?? 0);
  return {
    text: query.get('q') ?? '',
    user: query.get('user') ?? '',
    service: query.get('service') ?? '',
    minAgeS: minAgeS > 0 && Number.isFinite(minAgeS) ? minAgeS : 0,
  };
}

/** The parameters of an address that say so; null for those it does not need. */
export function formatFilters({ text, user, service, minAgeS }: Filters): Record<string, string | null> {
  return {
    q: text || null,
    user: user || null,
    service: service || null,
    min_age_s: minAgeS > 0 ? String(minAgeS) : null,
  };
}

export function isSameFilters(a: Filters, b: Filters): boolean {
  return a.text === b.text && a.user === b.user && a.service === b.service && a.minAgeS === b.minAgeS;
}

/** What the bridge is asked for; the text is looked for here, in what it answers. */
export function askedOf({ user, service, minAgeS }: Filters): RunningFilter {
  return {
    ...(user !== '' && { user }),
    ...(service !== '' && { service: [service] }),
    ...(minAgeS > 0 && { min_duration_ms: minAgeS * 1_000 }),
    limit: LIMIT,
  };
}

/** Those with the text in their name, ids, service, or in what they wait for; in the same order. */
export function withText(flows: readonly RunningFlow[], text: string): readonly RunningFlow[] {
  const wanted = text.toLowerCase();
  if (wanted === '') return flows;
  return flows.filter(({ flow, open }) =>
    [
      ...[flow.name, flow.user_id, flow.service, flow.session_id, flow.flow_id],
      ...open.flatMap((one) => [one.checkpoint, toolOf(one), modelOf(one)]),
    ].some((shown) => shown?.toLowerCase().includes(wanted) === true),
  );
}
