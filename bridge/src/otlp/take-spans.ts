import { createStreamLength, type RedisKeys } from '@flow-tracking/protocol';
import { setImmediate as giveWay } from 'node:timers/promises';
import type { RedisClient } from '../platform/redis/client';
import type { IdentityAttributes } from './map-span';
import { noteWritten, numberSpans, type TracePart } from './number-spans';
import type { Recall } from './recall';
import { eventsOf } from './span-events';
import type { ResourceSpans } from './spans';
import { intakeOf, partitionOf, partsOf } from './trace-parts';
import { writeEvents } from './write-events';

/** Spans that are numbered by one command: some ms of Redis. */
const SPANS_AT_ONCE = 250;

/** What became of the spans of a request. */
export interface Taken {
  taken: number;
  refused: number;
  /** Why the first one was refused. */
  problem: string;
}

export interface SpanSettings {
  identity: IdentityAttributes;
  partitions: number;
  /** How long a trace is remembered after its last use. */
  memoryS: number;
  /** What one stream may take about, in bytes; older entries are trimmed. */
  streamBytes: number;
}

/** Takes spans in. Rejects when Redis did not acknowledge all of them: then they have to come again. */
export type TakeSpans = (groups: readonly ResourceSpans[]) => Promise<Taken>;

/** Parts that are numbered and written together. */
function* batchesOf(parts: Iterable<TracePart>): Iterable<TracePart[]> {
  let batch: TracePart[] = [];
  let spans = 0;
  for (const part of parts) {
    if (spans + part.spans.length > SPANS_AT_ONCE && batch.length > 0) {
      yield batch;
      batch = [];
      spans = 0;
    }
    batch.push(part);
    spans += part.spans.length;
  }
  if (batch.length > 0) yield batch;
}

export function createTakeSpans(options: {
  redis: RedisClient;
  keys: RedisKeys;
  settings: SpanSettings;
  /** Looks up traces that Redis has forgotten. */
  recall: Recall;
  isMonitored: (user: string) => boolean;
}): TakeSpans {
  const { redis, keys, settings, recall, isMonitored } = options;
  const { identity, partitions, memoryS } = settings;
  const maxEntries = createStreamLength(settings.streamBytes);
  const numbering = { redis, keys, memoryS, recall };

  const writeBatch = async (partition: number, parts: readonly TracePart[]): Promise<void> => {
    const numbered = await numberSpans(numbering, partition, parts);
    const written = numbered.map((part) => ({ user: part.user, events: eventsOf(part) }));
    const live = written.filter(({ user, events }) => user !== '' && events.length > 0 && isMonitored(user));
    await writeEvents(
      redis,
      keys,
      partition,
      written.flatMap(({ events }) => events),
      live,
      maxEntries,
    );
    // Not noted, they are only told again.
    await noteWritten(numbering, partition, numbered).catch(() => undefined);
  };

  return async (groups) => {
    const { traces, taken, refused, problem } = intakeOf(groups, identity, Date.now());
    for (let partition = 0; partition < partitions; partition++) {
      const ofPartition = traces.filter(({ traceId }) => partitionOf(traceId, partitions) === partition);
      const parts = ofPartition.flatMap((trace) => [...partsOf(trace, SPANS_AT_ONCE, memoryS)]);
      for (const batch of batchesOf(parts)) {
        await writeBatch(partition, batch);
        // Other requests are not to wait for a large one.
        await giveWay();
      }
    }
    return { taken, refused, problem };
  };
}
