import { parseEvent } from '@flow-tracking/protocol';
import type { Redis } from 'ioredis';

/** What a stream holds, told apart by (flow_id, seq). */
export interface StreamAudit {
  readonly flows: number;
  /** Events, each counted once. */
  readonly events: number;
  /** Events that are there again. */
  readonly repeated: number;
  /** Events that came first after a later one of their flow. */
  readonly misplaced: number;
}

const PAGE = 100;

/** Reads a whole stream, with the protocol's own parser. */
export async function auditStream(redis: Redis, stream: string): Promise<StreamAudit> {
  const flows = new Map<string, { seen: Set<number>; last: number }>();
  let events = 0;
  let repeated = 0;
  let misplaced = 0;
  for (let from = '-'; ;) {
    const entries = await redis.xrange(stream, from, '+', 'COUNT', PAGE);
    for (const [id, [, block]] of entries) {
      from = `(${id}`;
      for (const value of JSON.parse(block ?? '') as unknown[]) {
        const { flow_id: flowId, seq } = parseEvent(value);
        const flow = flows.get(flowId) ?? { seen: new Set(), last: -1 };
        flows.set(flowId, flow);
        if (flow.seen.has(seq)) {
          repeated += 1;
          continue;
        }
        events += 1;
        if (seq < flow.last) misplaced += 1;
        flow.last = Math.max(flow.last, seq);
        flow.seen.add(seq);
      }
    }
    if (entries.length < PAGE) break;
  }
  return { flows: flows.size, events, repeated, misplaced };
}
