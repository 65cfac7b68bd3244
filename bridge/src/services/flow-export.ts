import type { CheckpointRecord, FlowRecord } from '@flow-tracking/protocol';
import type { Pool } from '../adapters/postgres';
import { listCheckpoints, listCheckpointsAfter } from '../stores/checkpoint-queries';
import { listFlows } from '../stores/flow-queries';
import { keyOf, takeByCheckpoints, toFilter, type FlowsQuery } from './flow-history';

/** Flows read at once. */
const PAGE_FLOWS = 200;
/** Checkpoints read at once, which bounds what an export holds in memory. */
const PAGE_CHECKPOINTS = 2_000;

/** Which flows to export: a query without pages. */
export type ExportQuery = Omit<FlowsQuery, 'cursor' | 'limit'>;

/** The JSON of one page of a flow's checkpoints, without the brackets of the list. */
const listed = (checkpoints: readonly CheckpointRecord[]): string => JSON.stringify(checkpoints).slice(1, -1);

/** A flow with more checkpoints than are read at once: its JSON in pieces. */
async function* bigFlowJson(pool: Pool, flow: FlowRecord): AsyncGenerator<string> {
  yield `{"flow":${JSON.stringify(flow)},"checkpoints":[`;
  let afterNode = -1;
  for (;;) {
    const checkpoints = await listCheckpointsAfter(pool, keyOf(flow), afterNode, PAGE_CHECKPOINTS);
    if (checkpoints.length > 0) yield (afterNode === -1 ? '' : ',') + listed(checkpoints);
    const last = checkpoints.at(-1);
    if (last === undefined || checkpoints.length < PAGE_CHECKPOINTS) break;
    afterNode = last.node_id;
  }
  yield ']}';
}

/** A few flows that are read together: the JSON of each. */
async function flowsJson(pool: Pool, flows: readonly FlowRecord[]): Promise<string[]> {
  const byFlow = new Map<string, CheckpointRecord[]>(flows.map((flow) => [flow.flow_id, []]));
  for (const checkpoint of await listCheckpoints(pool, flows.map(keyOf))) {
    byFlow.get(checkpoint.flow_id)?.push(checkpoint);
  }
  return flows.map((flow) => JSON.stringify({ flow, checkpoints: byFlow.get(flow.flow_id) }));
}

/**
 * Every flow that passes the filter, newest first, with its checkpoints, as pieces of JSON text: each `begin` is put
 * before a flow but the first, so that the whole is lines or a list. Reads a page at a time and only when the next
 * piece is asked for; each page is a statement of its own, so no transaction holds back the vacuum while a client is slow.
 *
 * @param between what stands between two flows
 */
export async function* exportFlows(pool: Pool, query: ExportQuery, between: string): AsyncGenerator<string> {
  let filter = toFilter({ ...query, limit: PAGE_FLOWS });
  let isFirst = true;
  for (;;) {
    const page = await listFlows(pool, filter);
    for (let rest: readonly FlowRecord[] = page; rest.length > 0;) {
      const batch = takeByCheckpoints(rest, PAGE_CHECKPOINTS);
      rest = rest.slice(batch.length);
      const [first] = batch;
      if (!isFirst) yield between;
      isFirst = false;
      if (first !== undefined && first.checkpoint_count > PAGE_CHECKPOINTS) yield* bigFlowJson(pool, first);
      else yield (await flowsJson(pool, batch)).join(between);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_FLOWS) return;
    filter = { ...filter, cursor: { startedTs: last.started_ts, flowId: last.flow_id } };
  }
}
