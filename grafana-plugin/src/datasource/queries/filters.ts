import { ALL_USERS, FLOW_STATUSES, type FlowStatus } from '@flow-tracking/protocol';
import type { Notice } from '../../frames/meta';
import { t } from '../../texts/t';
import { unusableText } from '../target';
import type { FlowQuery } from '../types';
import type { ReadText, Selector } from './query-kind';

const FIELDS = {
  user: 'users',
  session: 'sessions',
  service: 'services',
  checkpoint: 'checkpoints',
} as const satisfies Record<string, Selector>;

export type FilterField = keyof typeof FIELDS;

/** Values by filter, each with one at least. */
export type FilterValues = { [Field in FilterField]?: string[] };

/** What the filters of a query come to. */
export interface ReadFilters {
  /** Filters that are left out let everything pass. */
  readonly values: FilterValues;
  /** A filter lets nothing pass: a variable of it has no value. */
  readonly isNothing: boolean;
  readonly notices: readonly Notice[];
  /** Why the bridge would refuse it; null when it takes it. */
  readonly problem: string | null;
}

/** As many values of one filter as the bridge takes. */
const MAX_VALUES = 50;
/** Characters of an address that filters may take: proxies and servers refuse addresses of 8 to 16 kB. */
const MAX_ADDRESS = 6_000;

const lengthOf = (value: string): number => encodeURIComponent(value).length + 12;

/** Reads the filters of a query, variables filled in; what is too much is left out, and that is said. */
export function readFilters(query: FlowQuery, fields: readonly FilterField[], read: ReadText): ReadFilters {
  const values: FilterValues = {};
  const notices: Notice[] = [];
  let isNothing = false;
  let problem: string | null = null;
  let left = MAX_ADDRESS;
  for (const field of fields) {
    const text = query[field] ?? '';
    if (text === '') continue;
    const { ids, all } = read(text, FIELDS[field]);
    if (all || (field !== 'session' && ids.includes(ALL_USERS))) continue;
    if (ids.length === 0) isNothing = true;
    problem ??= unusableText(field, ids);
    const taken: string[] = [];
    for (const id of ids.slice(0, MAX_VALUES)) {
      if (taken.length > 0 && lengthOf(id) > left) break;
      left -= lengthOf(id);
      taken.push(id);
    }
    if (taken.length < ids.length) {
      const counts = { shown: taken.length, all: ids.length };
      notices.push({ severity: 'warning', text: t(`queries.notices.left-out-${field}`, counts) });
    }
    values[field] = taken;
  }
  return { values, isNothing, notices, problem };
}

/** A shortest duration, ms; null for none, NaN for what is no number. */
export function readDuration(text: string | undefined, read: ReadText): number | null {
  const [value = ''] = text === undefined ? [] : read(text).ids;
  if (value.trim() === '') return null;
  const ms = Number(value);
  return ms >= 0 ? ms : NaN;
}

export const isFlowStatus = (text: string): text is FlowStatus => FLOW_STATUSES.some((known) => known === text);

/** Statuses, variables filled in; null where all pass, and none where a variable has no value. */
export function readStatuses(texts: readonly string[], read: ReadText): FlowStatus[] | null {
  if (texts.length === 0) return null;
  const ids = new Set(texts.flatMap((text) => (isFlowStatus(text) ? [text] : read(text).ids)));
  const statuses = FLOW_STATUSES.filter((known) => ids.has(known));
  return statuses.length === FLOW_STATUSES.length ? null : statuses;
}
