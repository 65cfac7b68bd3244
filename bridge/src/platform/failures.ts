import { messageOf } from '../errors';
import type { Logger } from './logger';

/** Failures that are told apart at a time: a partition can fail for several reasons, but not for thousands. */
const MAX_CURRENT = 1_000;

/** What can fail while the bridge runs on, and the sentences that tell it. */
const WORKS = {
  history_write: { failed: 'History can not be written now, trying again', works: 'Writing history again' },
  running_index: {
    failed: 'The index of running checkpoints can not be built now, trying again in a minute',
    works: 'The index of running checkpoints can be built again',
  },
  trace_index: {
    failed: 'The index of traces can not be built now, trying again in a minute',
    works: 'The index of traces can be built again',
  },
  partitions: { failed: 'Day partitions can not be made now, trying again', works: 'Day partitions are made again' },
  retention: { failed: 'Old days can not be dropped now, trying again', works: 'Old days are dropped again' },
  grants_read: { failed: 'Monitoring grants can not be read now, trying again', works: 'Reading grants again' },
  grants_projection: {
    failed: 'Monitoring grants can not be written to Redis now, trying again',
    works: 'Redis has the monitoring grants again',
  },
  history_claim: {
    failed: 'Entries of bridges that are gone can not be taken over now, trying again',
    works: 'Entries of bridges that are gone are taken over again',
  },
  stream_measure: { failed: 'The stream can not be measured now, trying again', works: 'The stream is measured again' },
  dead_letter: { failed: 'A dead letter was not kept: Redis refused it', works: 'Dead letters are kept again' },
  status_report: {
    failed: 'The row of this bridge in flow.bridge_status can not be written now, trying again',
    works: 'The row of this bridge in flow.bridge_status is written again',
  },
  span_export: {
    failed: 'Finished flows can not be sent to FLOW_OTLP_ENDPOINT now, trying again',
    works: 'Finished flows are sent to FLOW_OTLP_ENDPOINT again',
  },
  erase_user: { failed: 'An erasure can not be finished now, trying again', works: 'Erasures are finished again' },
} as const;

/** A work of the bridge that can fail. */
export type FailingWork = keyof typeof WORKS;

/** Where a work fails; works that know no partitions have none. */
export interface FailurePlace {
  work: FailingWork;
  partition?: number | undefined;
}

/** A failure that lasts. */
export interface CurrentFailure extends FailurePlace {
  /** A code with few values: SQLSTATE, errno, or the error's name. */
  reason: string;
  /** Epoch ms of the first time. */
  sinceTs: number;
}

/** Tells failures: at once, then every minute while they last, by work, partition and reason. */
export interface Failures {
  /** Call it at every try that fails; the logger lets each failure through once a minute. */
  failed(place: FailurePlace, error: unknown): void;
  /** The work succeeds: all its failures at this place are over. */
  succeeded(place: FailurePlace): void;
  /** What fails now, for the metric. */
  current(): Iterable<CurrentFailure>;
}

/** A stable code of what was thrown; the message may hold ids and is for the log alone. */
export function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && /^\w{1,40}$/.test(code)) return code;
  // Redis answers with its code as the first word.
  const word = error instanceof Error ? /^[A-Z]{3,20}(?= )/.exec(error.message)?.[0] : undefined;
  return word ?? (typeof name === 'string' ? name : 'unknown');
}

export function createFailures(logger: Logger, now: () => number = Date.now): Failures {
  const current = new Map<string, CurrentFailure>();
  const keyOf = ({ work, partition }: FailurePlace, reason: string): string => `${work}:${partition ?? ''}:${reason}`;
  const isAt = (failure: FailurePlace, { work, partition }: FailurePlace): boolean =>
    failure.work === work && failure.partition === partition;

  return {
    failed({ work, partition }, error) {
      const reason = reasonOf(error);
      const key = keyOf({ work, partition }, reason);
      const sinceTs = current.get(key)?.sinceTs ?? now();
      if (current.size < MAX_CURRENT) current.set(key, { work, partition, reason, sinceTs });
      logger.warn({ work, partition, code: reason, reason: messageOf(error) }, WORKS[work].failed);
    },
    succeeded(place) {
      const over = [...current].filter(([, failure]) => isAt(failure, place));
      if (over.length === 0) return;
      for (const [key] of over) current.delete(key);
      const forMs = now() - Math.min(...over.map(([, failure]) => failure.sinceTs));
      logger.info({ ...place, forMs }, WORKS[place.work].works);
    },
    current: () => current.values(),
  };
}
