import { BridgeError } from '../errors';
import type { Logger } from '../platform/logger';
import type { LiveCounts } from './live-counts';
import type { LiveHub } from './live-hub';
import { decodePollCursor, encodePollCursor, type PollPosition } from './poll-cursor';
import { createPoller, type Poller } from './poller';
import type { UnreadLimit } from './unread-limit';
import { fromWireText } from './wire-text';

const MAX_POLLERS = 1_000;
/** A client that has not polled for so long is forgotten, */
const FORGET_AFTER_MS = 60_000;
/** and for so long already, when another one wants its place. */
const MAKE_ROOM_AFTER_MS = 10_000;
const CHECK_MS = 5_000;

/** One poll. */
export interface Poll {
  /** Whom the client watches, or `"*"` for every monitored user. */
  users: ReadonlySet<string>;
  /** The cursor of its last answer; undefined for the first poll. */
  after: string | undefined;
  /** How long to wait while nothing happens, ms. */
  waitMs: number;
  /** Ends the wait: the client has gone. */
  signal: AbortSignal;
  /** Ends an answer that is under way: the client does not read it. */
  cutOff: () => void;
}

export interface PollResult {
  /** For the next poll. */
  cursor: string;
  /** The cursor is not known here, or what followed it is gone: snapshots come instead. */
  reset: boolean;
  /** The bytes that a WebSocket would have had. */
  frames: Buffer[];
}

/** Live flows for clients whose way here takes no WebSocket: they ask again and again, and are held while nothing happens. */
export interface LivePolls {
  /** @throws {BridgeError} `too_many_connections`, `rate_limited` */
  poll(poll: Poll): Promise<PollResult>;
  /** Answers those that are held, and takes no more. */
  close(): void;
  /** Clients that poll, those included that may not come back. */
  readonly pollerCount: number;
}

export function createLivePolls(options: {
  hub: LiveHub;
  unread: UnreadLimit;
  counts: LiveCounts;
  instance: string;
  logger: Logger;
}): LivePolls {
  const { hub, unread, counts, instance, logger } = options;
  const pollers = new Map<string, Poller>();
  /** What ends the latest answer of each. */
  const cutOffs = new Map<Poller, () => void>();
  let isClosed = false;

  const forget = (poller: Poller): void => {
    if (!pollers.delete(poller.id)) return;
    unread.remove(poller);
    cutOffs.delete(poller);
    poller.end();
  };

  const refuse = (message: string): never => {
    counts.refused['too_many_connections'] = (counts.refused['too_many_connections'] ?? 0) + 1;
    throw new BridgeError('too_many_connections', 503, message, { retryAfterS: 1 });
  };

  /** Whoever has not polled for longest makes room: most of them have gone, and none says so. */
  const makeRoom = (): void => {
    if (pollers.size < MAX_POLLERS) return;
    const [idlest] = [...pollers.values()].sort((a, b) => b.idleMs() - a.idleMs());
    if (idlest === undefined || idlest.idleMs() < MAKE_ROOM_AFTER_MS) {
      return refuse(`At most ${MAX_POLLERS} clients a bridge poll for live flows; try another`);
    }
    forget(idlest);
  };

  const open = (): Poller => {
    makeRoom();
    const poller = createPoller({
      hub,
      instance,
      logger,
      onTooSlow() {
        counts.cutOff.too_slow += 1;
        logger.warn('Polling client too slow, cut off');
        cutOffs.get(poller)?.();
        forget(poller);
      },
    });
    counts.accepted += 1;
    pollers.set(poller.id, poller);
    unread.add(poller);
    return poller;
  };

  const find = (positions: readonly PollPosition[]): Poller | undefined => {
    for (const { id, taken } of positions) {
      const poller = pollers.get(id);
      if (poller?.acknowledge(taken) === true) return poller;
      // It can't go on from where its client is.
      if (poller !== undefined) forget(poller);
    }
    return undefined;
  };

  const timer = setInterval(() => {
    for (const poller of [...pollers.values()]) if (poller.idleMs() > FORGET_AFTER_MS) forget(poller);
  }, CHECK_MS);

  return {
    async poll({ users, after, waitMs, signal, cutOff }) {
      if (isClosed) return refuse('The bridge is stopping; poll another');
      const positions = decodePollCursor(after ?? '');
      const known = find(positions);
      const poller = known ?? open();
      poller.watch(users);
      cutOffs.set(poller, cutOff);
      await poller.hold(waitMs, signal);
      const { writes, taken } = poller.take();
      counts.frames += writes.length;
      counts.bytes += writes.reduce((sum, { length }) => sum + length, 0);
      const others = positions.filter(({ id }) => id !== poller.id);
      return {
        cursor: encodePollCursor([{ id: poller.id, taken }, ...others]),
        reset: after !== undefined && known === undefined,
        frames: writes.flatMap(fromWireText),
      };
    },
    close() {
      isClosed = true;
      clearInterval(timer);
      for (const poller of pollers.values()) poller.release();
    },
    get pollerCount() {
      return pollers.size;
    },
  };
}
