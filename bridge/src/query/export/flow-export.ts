import type { CheckpointRecord } from '@flow-tracking/protocol';
import type { Pool } from '../../platform/postgres/pool';
import { toFilter, type FlowsQuery } from '../flows/flow-history';
import { READ_BYTES, readFlows } from '../flows/flow-reader';
import { listFlows } from '../flows/flows-store';

/** Flows listed at once, and their bytes. */
const LIST_FLOWS = 200;
const LIST_BYTES = READ_BYTES;
/** Text is given in pieces of about so many characters. */
const PIECE_CHARS = 64 * 1024;

/** Which flows to export: a query without pages. */
export type ExportQuery = Omit<FlowsQuery, 'cursor' | 'limit'>;

/** The JSON of a list's elements, each behind a comma but the first of the list, in pieces. */
function* listed(checkpoints: readonly CheckpointRecord[], isBegin: boolean): Generator<string> {
  let text = '';
  for (const [i, checkpoint] of checkpoints.entries()) {
    text += `${isBegin && i === 0 ? '' : ','}${JSON.stringify(checkpoint)}`;
    if (text.length < PIECE_CHARS) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/**
 * Every flow that passes the filter, newest first, with its checkpoints, as pieces of JSON text. Reads no more than
 * {@link READ_BYTES} at a time and only when the next piece is asked for; each read is a statement of its own, so no
 * transaction holds back the vacuum while a client is slow.
 *
 * @param between what stands between two flows, so that the whole is lines or a list
 */
export async function* exportFlows(pool: Pool, query: ExportQuery, between: string): AsyncGenerator<string> {
  let filter = toFilter({ ...query, limit: LIST_FLOWS });
  let before = '';
  let text = '';
  for (;;) {
    const page = await listFlows(pool, filter, LIST_BYTES);
    for await (const { flow, checkpoints, isFirst, isLast } of readFlows(pool, page.rows)) {
      if (isFirst) {
        text += `${before}{"flow":${JSON.stringify(flow)},"checkpoints":[`;
        before = between;
      }
      for (const piece of listed(checkpoints, isFirst)) {
        text += piece;
        if (text.length < PIECE_CHARS) continue;
        yield text;
        text = '';
      }
      if (isLast) text += ']}';
    }
    const last = page.rows.at(-1);
    if (last === undefined || !page.isCut) break;
    filter = { ...filter, cursor: { startedTs: last.started_ts, flowId: last.flow_id } };
  }
  if (text !== '') yield text;
}
