import type { AuditEntry, FlowRecord, SlowCheckpoint } from '@flow-tracking/protocol';
import type { DataFrame, Field, FieldConfig, FieldType } from '@grafana/data';
import { formatDuration } from '../../../panel/format';
import { t } from '../../../texts/t';

/** One annotation. */
export interface Mark {
  /** Epoch ms. */
  readonly ts: number;
  /** Null: a moment, and no span. */
  readonly endTs: number | null;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly id: string;
}

/** Annotations are markup to Grafana, title and text, and what an application recorded is text. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const linkTo = (userId: string | null, sessionId: string): string => {
  const user = userId === null ? '' : `var-user=${encodeURIComponent(userId)}&amp;`;
  const url = `/d/flow-session/session-detail?${user}var-session=${encodeURIComponent(sessionId)}`;
  return `<a href="${url}">${escaped(t('queries.links.session'))}</a>`;
};

export function markOfFlow(flow: FlowRecord): Mark {
  const name = flow.name === '' ? flow.flow_id : flow.name;
  const reason = flow.error === null ? t(`status.${flow.status}`) : flow.error.message;
  return {
    ts: flow.ended_ts ?? flow.started_ts,
    endTs: null,
    title: escaped(t('queries.marks.failed', { name })),
    text: `${escaped(reason)}<br>${linkTo(flow.user_id, flow.session_id)}`,
    tags: [flow.status, ...(flow.service === '' ? [] : [flow.service])],
    id: flow.flow_id,
  };
}

export function markOfSlow(slow: SlowCheckpoint): Mark {
  const took = formatDuration(slow.duration_ms);
  const limit = formatDuration(slow.limit_ms);
  return {
    ts: slow.started_ts,
    endTs: slow.started_ts + slow.duration_ms,
    title: escaped(t('queries.marks.slow', { checkpoint: slow.checkpoint })),
    text: `${escaped(t('queries.marks.took', { took, limit }))}<br>${linkTo(slow.user_id, slow.session_id)}`,
    tags: [slow.checkpoint],
    id: `${slow.flow_id}:${slow.node_id}`,
  };
}

export function markOfAudit(entry: AuditEntry): Mark {
  const by = entry.actor === null ? '' : t('queries.marks.by', { actor: entry.actor });
  return {
    ts: entry.ts,
    endTs: null,
    title: escaped(t(`queries.marks.audit.${entry.action}`, { user: entry.user_id })),
    text: escaped([by, entry.reason ?? ''].filter((part) => part !== '').join(': ')),
    tags: [entry.action],
    id: String(entry.id),
  };
}

/** How a table shows a field; of a text of two lines each on its line. */
const MARKUP: FieldConfig = { custom: { cellOptions: { type: 'markdown' } } };
const LINES: FieldConfig = { custom: { cellOptions: { type: 'markdown' }, width: 340 } };
const PILLS: FieldConfig = { custom: { cellOptions: { type: 'pill' } } };

/** In the fields that Grafana reads of annotations. */
export function marksFrame(marks: readonly Mark[]): DataFrame {
  const field = (name: string, type: string, value: (mark: Mark) => unknown, config: FieldConfig = {}): Field => ({
    name,
    type: type as FieldType,
    config,
    values: marks.map(value),
  });
  return {
    name: 'annotations',
    length: marks.length,
    fields: [
      field('time', 'time', ({ ts }) => ts),
      field('timeEnd', 'time', ({ endTs }) => endTs),
      field('title', 'string', ({ title }) => title, MARKUP),
      field('text', 'string', ({ text }) => text, LINES),
      field('tags', 'other', ({ tags }) => tags, PILLS),
      field('id', 'string', ({ id }) => id),
    ],
  };
}
