import type { RedisKeys } from '@flow-tracking/protocol';
import type { RedisClient } from '../platform/redis/client';
import { runScript } from '../platform/redis/run-script';
import type { MappedSpan } from './map-span';
import { EXTRA_NUMBERS, NOTE_WRITTEN, NUMBER_SPANS, RECALL_TRACE } from './number-script';
import type { Recall } from './recall';
import { factOf, rootFactOf } from './facts';

/** Spans of one trace that came together, in the order in which they began. */
export interface TracePart {
  traceId: string;
  /** Proposed; the trace has one already if it was seen before. */
  flowId: string;
  /** Of the `flow_start`, as JSON; proposed as above. */
  start: string;
  /** Nothing of the trace can have been forgotten, so that there is no need to look for it in history. */
  isNew: boolean;
  spans: readonly MappedSpan[];
}

/** Numbers of a span's events; -1: there is no such event. */
export interface SpanNumbers {
  node: number;
  /** -1: it stands at the top. */
  parentNode: number;
  seq: number;
  endSeq: number;
  factSeq: number;
  rootFactSeq: number;
}

/** A part with all its numbers. */
export interface NumberedPart {
  part: TracePart;
  flowId: string;
  /** Empty: it is written already. */
  start: string;
  /** Empty: not known. */
  user: string;
  numbers: SpanNumbers[];
  /** Digests of the facts among the numbers. */
  facts: readonly string[];
}

type TraceReply = [flowId: string, start: string, user: string, facts: string[], nodes: number[], extra: number[]];

const NOTHING: TraceReply = ['', '', '', [], [], []];

function numbersOf(nodes: readonly number[], extra: readonly number[]): SpanNumbers[] {
  const spans: SpanNumbers[] = [];
  for (let i = 0; i + 1 < nodes.length; i += 2) {
    const node = nodes[i] ?? -1;
    spans.push({ node, parentNode: nodes[i + 1] ?? -1, seq: node, endSeq: -1, factSeq: -1, rootFactSeq: -1 });
  }
  for (let i = 0; i + EXTRA_NUMBERS <= extra.length; i += EXTRA_NUMBERS) {
    const [index = -1, seq = -1, endSeq = -1, factSeq = -1, rootFactSeq = -1] = extra.slice(i, i + EXTRA_NUMBERS);
    const span = spans[index];
    if (span !== undefined) Object.assign(span, { seq, endSeq, factSeq, rootFactSeq });
  }
  return spans;
}

/** Appends what {@link NUMBER_SPANS} takes of a span. */
function addArguments(values: string[], span: MappedSpan): void {
  const { spanId, parentId, isPending, isRemote } = span;
  const fact = factOf(span);
  // Any other can be no root.
  const rootFact = parentId === '' || isRemote ? rootFactOf(span) : '';
  const hasFacts = fact !== '' || rootFact !== '';
  values.push(`${spanId}${isPending ? 'p' : 'e'}${isRemote ? 'r' : '-'}${hasFacts ? 'f' : '-'}${parentId}`);
  if (hasFacts) values.push(fact, span.user ?? '', rootFact);
}

/** What numbering needs beside the spans. */
export interface Numbering {
  redis: RedisClient;
  keys: RedisKeys;
  /** How long a trace is remembered after its last use. */
  memoryS: number;
  recall: Recall;
}

/**
 * Numbers spans of traces of one partition, in one command; those of traces that Redis does not know, and that history may, in a
 * second one. Rejects while Redis is away.
 */
export async function numberSpans(
  { redis, keys, memoryS, recall }: Numbering,
  partition: number,
  parts: readonly TracePart[],
): Promise<NumberedPart[]> {
  const hashOf = ({ traceId }: TracePart): string => keys.trace(partition, traceId);
  const keysOf = (part: TracePart): [string, string] => [hashOf(part), keys.traceStart(partition, part.traceId)];
  const number = async (some: readonly TracePart[], mayBeNew: (part: TracePart) => boolean): Promise<TraceReply[]> => {
    const values = [String(memoryS)];
    for (const part of some) {
      values.push(part.flowId, part.start, mayBeNew(part) ? '1' : '', String(part.spans.length));
      for (const span of part.spans) addArguments(values, span);
    }
    return (await runScript(redis, NUMBER_SPANS, some.flatMap(keysOf), values)) as TraceReply[];
  };

  const reply = await number(parts, ({ isNew }) => isNew);
  const unknown = parts.flatMap((part, i) => (reply[i]?.[0] === '' ? [{ part, i }] : []));
  if (unknown.length > 0) {
    const asked = unknown.map(({ part }) => part);
    const recalled = await recall(asked);
    for (const part of asked) {
      const fields = recalled.get(part.traceId);
      if (fields !== undefined) await runScript(redis, RECALL_TRACE, [hashOf(part)], [memoryS, ...fields]);
    }
    const again = await number(asked, () => true);
    unknown.forEach(({ i }, at) => (reply[i] = again[at]!));
  }
  return parts.map((part, i) => {
    const [flowId, start, user, facts, nodes, extra] = reply[i] ?? NOTHING;
    return { part, flowId, start, user, numbers: numbersOf(nodes, extra), facts };
  });
}

/** To be called when the events are in Redis: the starts and the facts among them are not told again. */
export async function noteWritten(
  { redis, keys }: Numbering,
  partition: number,
  numbered: readonly NumberedPart[],
): Promise<void> {
  const told = numbered.filter(({ start, facts }) => start !== '' || facts.length > 0);
  if (told.length === 0) return;
  const traceKeys = told.flatMap(({ part: { traceId } }) => [
    keys.trace(partition, traceId),
    keys.traceStart(partition, traceId),
  ]);
  await runScript(
    redis,
    NOTE_WRITTEN,
    traceKeys,
    told.flatMap(({ facts }) => [facts.length, ...facts]),
  );
}
