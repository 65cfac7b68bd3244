import { createHash } from 'node:crypto';
import { BridgeError, messageOf } from '../errors';
import type { Pool } from '../platform/postgres/pool';
import { factText, rootFactText } from './facts';
import type { TracePart } from './number-spans';
import { readTraces, type RecordedTrace } from './traces-store';

const DAY_MS = 86_400_000;
/** A trace's flow began so many days around its spans at most. */
const DAYS_AROUND = 7;
/** Spans that have just been made are not kept waiting by a Postgres that is slow. */
const LENIENT_MS = 250;
/** Old spans wait for longer; then their exporter keeps them. */
const STRICT_MS = 3_000;
const RETRY_AFTER_S = 5;

/** Whether these times are within the memory of Redis, as it were twice as short: clocks differ. */
function isRecent(startMs: number, nowMs: number, memoryS: number): boolean {
  return startMs > nowMs - (memoryS * 1_000) / 2;
}

/**
 * Whether a trace can not have been forgotten. Redis forgets one that was last used `memoryS` ago. What is sent again was there
 * before that, so it is older; and a trace whose root has just begun has nothing that is older.
 *
 * @param spans those that came together, in the order in which they began
 */
export function isNewTrace(spans: TracePart['spans'], nowMs: number, memoryS: number): boolean {
  return isRecent(spans[0]?.startMs ?? 0, nowMs, memoryS) && spans.some(({ parentId }) => parentId === '');
}

const digestOf = (fact: string): string => createHash('sha1').update(fact).digest('hex');

/** The facts that history shows. They need not be told again. */
function factsOf({ userId, sessionId, name, startedTs }: RecordedTrace): string[] {
  const user = userId ?? undefined;
  const session = sessionId ?? undefined;
  const identity = new Set([factText(user, session), factText(user, undefined), factText(undefined, session)]);
  return [...identity, name === null ? '' : rootFactText(name, startedTs)].filter((fact) => fact !== '');
}

/** Ended, by a span that is not told: its end is in history. */
const ENDED = `${'0'.repeat(16)}0`;

/** The fields of a trace's hash as `NUMBER_SPANS` left them, in turn with their values. */
export function fieldsOf(trace: RecordedTrace): string[] {
  const { flowId, lastSeq, spans, userId, hasEnded } = trace;
  const nodes = new Map<string, string>();
  let last = lastSeq;
  for (const { nodeId, parentNode, endSeq, parentId } of spans) {
    last = Math.max(last, nodeId, parentNode ?? 0, endSeq ?? 0);
    // A number without a letter: one that was given to a parent before it came.
    if (parentId !== null && parentNode !== null) nodes.set(parentId, String(parentNode));
  }
  for (const { nodeId, endSeq, spanId } of spans) {
    const told = endSeq === null ? 'p' : endSeq === nodeId ? 'e' : `p${endSeq}`;
    nodes.set(spanId, `${nodeId}${told}`);
  }
  const facts = factsOf(trace);
  return [
    ...['f', flowId, 'n', String(last), 'c', String(facts.length)],
    ...(userId === null ? [] : ['u', userId]),
    ...(hasEnded ? ['r', ENDED] : []),
    ...facts.flatMap((fact) => [`x${digestOf(fact)}`, '0w']),
    ...[...nodes].flat(),
  ];
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

async function read(pool: Pool, parts: readonly TracePart[]): Promise<RecordedTrace[]> {
  if (parts.length === 0) return [];
  const starts = parts.map(({ spans }) => spans[0]?.startMs ?? 0);
  const first = Math.max(0, Math.min(...starts) - DAYS_AROUND * DAY_MS);
  const last = Math.max(...starts) + DAYS_AROUND * DAY_MS;
  return readTraces(
    pool,
    parts.map(({ traceId }) => traceId),
    dayOf(first),
    dayOf(last),
  );
}

/** What it reads; rejects when that takes longer than `limitMs`. */
async function readWithin(limitMs: number, pool: Pool, parts: readonly TracePart[]): Promise<RecordedTrace[]> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([read(pool, parts), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** What history has of traces that Redis does not know, as the fields of their hashes, by trace id. */
export type Recall = (parts: readonly TracePart[]) => Promise<ReadonlyMap<string, readonly string[]>>;

/**
 * Looks traces up in history, in one go. While Postgres does not answer, those with spans that may have been here before have to
 * wait; the others are taken for new.
 *
 * @throws {BridgeError} `postgres_unavailable`
 */
export function createRecall(pool: Pool, memoryS: number): Recall {
  return async (parts) => {
    const nowMs = Date.now();
    const isOld = ({ spans }: TracePart): boolean => !isRecent(spans[0]?.startMs ?? 0, nowMs, memoryS);
    const old = parts.filter(isOld);
    const recent = parts.filter((part) => !isOld(part));
    const [ofOld, ofRecent] = await Promise.all([
      readWithin(STRICT_MS, pool, old).catch((error: unknown) => {
        throw new BridgeError('postgres_unavailable', 503, `Old spans wait for Postgres: ${messageOf(error)}`, {
          cause: error,
          retryAfterS: RETRY_AFTER_S,
        });
      }),
      readWithin(LENIENT_MS, pool, recent).catch((): RecordedTrace[] => []),
    ]);
    return new Map([...ofOld, ...ofRecent].map((trace) => [trace.traceId, fieldsOf(trace)]));
  };
}
