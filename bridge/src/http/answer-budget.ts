import { BridgeError } from '../errors';

/** How long an answer may wait for its turn. */
const WAIT_MS = 10_000;
/** Answers that wait; more are refused at once. */
const MAX_WAITING = 1_000;
/** How long an answer may take to be read once others wait for its room. */
const READ_MS = 10_000;
const CHECK_MS = 500;

/** Room that one answer has, from before its first query until it is read. */
export interface AnswerPass {
  /** Takes more room, up to so many bytes in all; false when there is none now. */
  growTo: (bytes: number) => boolean;
  /** The answer is made, and is so large: what it does not need is given back. Once others wait it may be cut off. */
  made(bytes: number, cutOff: () => void): void;
  /** Gives back all room; idempotent. */
  leave(): void;
}

/** Bounds what all answers that are being made or read take together. */
export interface AnswerBudget {
  /**
   * Waits for room; callers take turns, however many answers one of them asks for.
   *
   * @param bytes what the answer takes until more is known
   * @throws {BridgeError} `busy`, when there is none for too long
   */
  enter(caller: string, bytes?: number): Promise<AnswerPass>;
  /** Bytes in use. */
  readonly usedBytes: number;
}

interface Waiting {
  bytes: number;
  admit: () => void;
}

interface Holder {
  caller: string;
  bytes: number;
  madeAtMs: number;
  cutOff: (() => void) | undefined;
}

/**
 * @param options.maxBytes what all answers may take
 * @param options.startBytes what an answer takes until more is known
 */
export function createAnswerBudget(options: { maxBytes: number; startBytes: number }): AnswerBudget {
  const { maxBytes, startBytes } = options;
  /** One caller leaves this much to the others. */
  const maxBytesEach = maxBytes / 2;
  const holders = new Set<Holder>();
  const bytesOf = new Map<string, number>();
  /** By caller; the first one's turn is next. */
  const waiting = new Map<string, Set<Waiting>>();
  let waitingCount = 0;
  let usedBytes = 0;
  let checkTimer: NodeJS.Timeout | undefined;

  const fits = (caller: string, bytes: number): boolean =>
    usedBytes + bytes <= maxBytes && (bytesOf.get(caller) ?? 0) + bytes <= maxBytesEach;

  const use = (caller: string, bytes: number): void => {
    usedBytes += bytes;
    const own = (bytesOf.get(caller) ?? 0) + bytes;
    if (own === 0) bytesOf.delete(caller);
    else bytesOf.set(caller, own);
  };

  const unlist = (caller: string, waiter: Waiting): void => {
    const own = waiting.get(caller);
    if (own?.delete(waiter) !== true) return;
    waitingCount -= 1;
    if (own.size === 0) waiting.delete(caller);
  };

  const admitNext = (): void => {
    for (let isAdmitted = true; isAdmitted;) {
      isAdmitted = false;
      for (const [caller, own] of waiting) {
        const [waiter] = own;
        if (waiter === undefined || !fits(caller, waiter.bytes)) continue;
        unlist(caller, waiter);
        // Behind the other callers.
        if (waiting.delete(caller)) waiting.set(caller, own);
        waiter.admit();
        isAdmitted = true;
        break;
      }
    }
  };

  const cutOffSlow = (): void => {
    checkTimer = undefined;
    if (waitingCount === 0) return;
    const before = performance.now() - READ_MS;
    for (const { madeAtMs, cutOff } of holders) if (madeAtMs < before) cutOff?.();
    checkTimer = setTimeout(cutOffSlow, CHECK_MS).unref();
  };

  const createPass = (caller: string, startBytes: number): AnswerPass => {
    const holder: Holder = { caller, bytes: 0, madeAtMs: Infinity, cutOff: undefined };
    const resize = (bytes: number): void => {
      use(caller, bytes - holder.bytes);
      holder.bytes = bytes;
    };
    resize(startBytes);
    holders.add(holder);
    return {
      growTo(bytes) {
        if (bytes <= holder.bytes) return true;
        // What others wait for is theirs.
        if (waitingCount > 0 || !fits(caller, bytes - holder.bytes)) return false;
        resize(bytes);
        return true;
      },
      made(bytes, cutOff) {
        if (!holders.has(holder)) return;
        resize(bytes);
        holder.madeAtMs = performance.now();
        holder.cutOff = cutOff;
        admitNext();
      },
      leave() {
        if (!holders.delete(holder)) return;
        resize(0);
        admitNext();
      },
    };
  };

  const wait = (caller: string, bytes: number): Promise<AnswerPass> =>
    new Promise((resolve, reject) => {
      const waiter: Waiting = {
        bytes,
        admit() {
          clearTimeout(timer);
          resolve(createPass(caller, bytes));
        },
      };
      const timer = setTimeout(() => {
        unlist(caller, waiter);
        reject(busy());
      }, WAIT_MS).unref();
      waitingCount += 1;
      const own = waiting.get(caller);
      if (own === undefined) waiting.set(caller, new Set([waiter]));
      else own.add(waiter);
      checkTimer ??= setTimeout(cutOffSlow, CHECK_MS).unref();
    });

  return {
    async enter(caller, wantedBytes = startBytes) {
      const bytes = Math.min(wantedBytes, maxBytesEach);
      if (waitingCount === 0 && fits(caller, bytes)) return createPass(caller, bytes);
      if (waitingCount >= MAX_WAITING) throw busy();
      const pass = wait(caller, bytes);
      admitNext();
      return pass;
    },
    get usedBytes() {
      return usedBytes;
    },
  };
}

const busy = (): BridgeError =>
  new BridgeError('busy', 503, 'Too many large answers are under way; see the header Retry-After', { retryAfterS: 2 });

const MB = 1024 * 1024;

/** Bytes of answers by kind, so that none of these makes the others wait: pages, what is searched for, and figures. */
export interface AnswerBudgets {
  pages: AnswerBudget;
  searches: AnswerBudget;
  figures: AnswerBudget;
}

/** About 250 MB of memory, when all of it is in use. */
export function createAnswerBudgets(): AnswerBudgets {
  return {
    pages: createAnswerBudget({ maxBytes: 48 * MB, startBytes: 2 * MB }),
    searches: createAnswerBudget({ maxBytes: 16 * MB, startBytes: 2 * MB }),
    // Of figures the sums take more than the answer.
    figures: createAnswerBudget({ maxBytes: 64 * MB, startBytes: 16 * MB }),
  };
}
