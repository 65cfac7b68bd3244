import type { DeadLetters } from '../ingest/dead-letter-stream';
import { cleanText } from '../platform/postgres/clean-json';
import type { Pool } from '../platform/postgres/pool';
import { addErasedFlows, findErasedFlows, type Erasure } from './erasure-store';

/** A letter is 65 KB at most. */
const PAGE = 50;

const FLOW_ID = /"flow_id"\s*:\s*"([0-9A-HJKMNP-TV-Z]{26})"/g;
const USER_ID = /"user_id"\s*:\s*("(?:[^"\\]|\\.)*")/g;

/** Whom a letter is about; it may be cut, or no JSON at all. */
interface Targets {
  users: string[];
  flowIds: string[];
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function targetsOf(text: string): Targets {
  return {
    users: [...text.matchAll(USER_ID)].map(([, json]) => cleanText(String(parse(json ?? '')))),
    flowIds: [...text.matchAll(FLOW_ID)].map(([, flowId]) => flowId ?? ''),
  };
}

/** Flows that a letter's events say to be the user's; of a letter that is no JSON nobody can tell. */
function flowsOfUser(text: string, userId: string): string[] {
  const block = parse(text);
  const events = (Array.isArray(block) ? block : []) as ({ user_id?: unknown; flow_id?: unknown } | null)[];
  return events.flatMap((event) => {
    const { user_id: user, flow_id: flowId } = event ?? {};
    return typeof user === 'string' && typeof flowId === 'string' && cleanText(user) === userId ? [flowId] : [];
  });
}

async function* pages(dead: DeadLetters) {
  for (let after = '-'; ;) {
    const page = await dead.list(after, PAGE);
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.id;
  }
}

/**
 * Removes the dead letters of a user, and those of the flows that the erasure has deleted.
 *
 * @returns how many
 */
export async function eraseDeadLetters(pool: Pool, dead: DeadLetters, erasure: Erasure): Promise<number> {
  const { userId } = erasure;
  // First of all, since the letter that tells the user may come after others of its flow.
  for await (const page of pages(dead)) {
    const flowIds = page.flatMap(({ events }) => flowsOfUser(events, userId));
    await addErasedFlows(pool, erasure, [...new Set(flowIds)]);
  }
  let removed = 0;
  for await (const page of pages(dead)) {
    const letters = page.map(({ id, events }) => ({ id, ...targetsOf(events) }));
    const erased = await findErasedFlows(pool, erasure, [...new Set(letters.flatMap(({ flowIds }) => flowIds))]);
    const ids = letters
      .filter(({ users, flowIds }) => users.includes(userId) || flowIds.some((flowId) => erased.has(flowId)))
      .map(({ id }) => id);
    await dead.remove(ids);
    removed += ids.length;
  }
  return removed;
}
