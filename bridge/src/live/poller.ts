import { randomBytes } from 'node:crypto';
import { PROTOCOL_VERSION } from '@flow-tracking/protocol';
import { BridgeError } from '../errors';
import type { Logger } from '../platform/logger';
import { createFrameLimit } from './frame-limit';
import type { LiveHub } from './live-hub';
import { createPollBuffer } from './poll-buffer';
import { MAX_UNREAD_BYTES, type Reader } from './unread-limit';
import type { Viewer } from './viewer';
import { watchUser } from './watch-user';
import { toWireText } from './wire-text';

/** How long the first answer waits for the snapshots, which then come with it. */
const FIRST_SNAPSHOTS_MS = 1_500;

/** A client that polls: whom it watches, and what waits for it between two polls. */
export interface Poller extends Reader {
  /** Not to be guessed, and no other bridge's. */
  readonly id: string;
  /**
   * Watches exactly these users from now on.
   *
   * @throws {BridgeError} `rate_limited`, for a client that polls or changes them without pause
   */
  watch(users: ReadonlySet<string>): void;
  /** The client has all before that position; false: it must begin anew. */
  acknowledge(taken: number): boolean;
  /** Resolves when something waits for it, after `waitMs`, at the end of `signal`, or when another poll takes its place. */
  hold(waitMs: number, signal: AbortSignal): Promise<void>;
  /** Ends a wait. */
  release(): void;
  /** What the client gets, and the position behind it. */
  take(): { writes: readonly Buffer[]; taken: number };
  /** For how long it has not polled, ms; 0 while a poll is held. */
  idleMs(): number;
  /** Lets go of all that it watches. */
  end(): void;
}

/** @param options.onTooSlow more waits than it may leave unread, or than there is room for; it ends */
export function createPoller(options: {
  hub: LiveHub;
  instance: string;
  onTooSlow: () => void;
  logger: Logger;
}): Poller {
  const { hub, instance, onTooSlow, logger } = options;
  const buffer = createPollBuffer();
  const limit = createFrameLimit();
  let users: ReadonlySet<string> = new Set();
  let isLoading = true;
  let loadingTimer: NodeJS.Timeout | undefined;
  let isEnded = false;
  let release: (() => void) | undefined;
  let lastSeenMs = performance.now();

  const tell = (): void => {
    if (!buffer.isEmpty && !isLoading) release?.();
  };
  const put = (fits: boolean): void => {
    if (isEnded) return;
    if (fits) tell();
    else onTooSlow();
  };
  const viewer: Viewer = {
    send: (frame) => put(buffer.add(toWireText(Buffer.from(JSON.stringify(frame))))),
    relay: (bytes) => put(buffer.add(bytes)),
    show: (snapshot, backlog) => put(buffer.addSnapshot(snapshot, backlog)),
    isReady: () => buffer.bytes <= MAX_UNREAD_BYTES,
  };

  const endLoading = (): void => {
    clearTimeout(loadingTimer);
    isLoading = false;
    tell();
  };
  const loadFirst = (snapshots: Promise<unknown>): void => {
    loadingTimer = setTimeout(endLoading, FIRST_SNAPSHOTS_MS);
    void snapshots.then(endLoading);
  };

  viewer.send({ type: 'hello', protocol: PROTOCOL_VERSION, instance, now_ts: Date.now() });
  return {
    id: randomBytes(9).toString('base64url'),
    watch(next) {
      const removed = [...users].filter((user) => !next.has(user));
      const added = [...next].filter((user) => !users.has(user));
      if (!limit.onFrame(0) || !limit.onWatch(added.length)) {
        const message = 'These polls, or the users that they name, change without pause; poll again in a second';
        throw new BridgeError('rate_limited', 429, message, { retryAfterS: 1 });
      }
      if (removed.length + added.length === 0) return;
      const isFirst = users.size === 0;
      users = next;
      for (const user of removed) hub.unwatch(viewer, user);
      viewer.send({ type: 'subscribed', users: [...users] });
      const snapshots = Promise.all(added.map((user) => watchUser(hub, viewer, user, logger)));
      if (isFirst) loadFirst(snapshots);
    },
    acknowledge(taken) {
      const isKnown = buffer.acknowledge(taken);
      if (isKnown) hub.onReady();
      return isKnown;
    },
    hold(waitMs, signal) {
      release?.();
      return new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          if (release === finish) release = undefined;
          lastSeenMs = performance.now();
          resolve();
        };
        const timer = setTimeout(finish, waitMs);
        signal.addEventListener('abort', finish);
        release = finish;
        if (signal.aborted) finish();
        tell();
      });
    },
    release: () => release?.(),
    take: () => buffer.take(),
    idleMs: () => (release === undefined ? performance.now() - lastSeenMs : 0),
    unreadBytes: () => buffer.bytes,
    cutOff: onTooSlow,
    end() {
      isEnded = true;
      clearTimeout(loadingTimer);
      hub.remove(viewer);
      release?.();
    },
  };
}
