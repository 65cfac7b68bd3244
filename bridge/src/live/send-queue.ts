import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { LiveCounts } from './live-counts';
import { MAX_UNREAD_BYTES, MAX_UNREAD_SNAPSHOT_BYTES } from './unread-limit';
import { toWireText } from './wire-text';

/** Of the application's own range. An error frame would wait behind all that was not read; this does, too, but is short. */
export const CLOSE_TOO_SLOW = 4008;
/** How long it may take to read the reason; a close alone waits for an answer, and the memory with it. */
const READ_REASON_MS = 2_000;

/** Writes to one client, in order, as long as it reads. */
export interface SendQueue {
  /** A frame of this client alone. */
  readonly send: (text: string) => void;
  /** Bytes that {@link toWireText} made, for any number of clients. */
  readonly relay: (frame: Buffer) => void;
  /** The same for a snapshot, which may be larger than what else waits, and for what came while it was loaded. */
  readonly show: (frame: Buffer, backlog: readonly Buffer[]) => void;
  /** Whether so little waits that a snapshot may follow. */
  readonly isReady: () => boolean;
  /** Ends the connection: the client does not read. */
  readonly cutOff: () => void;
}

/**
 * @param socket the one below `webSocket`. Whole frames may be written to it between those of `webSocket`, since without
 *   compression and fragments each of its own is written at once, too.
 * @param onTooSlow the client is being cut off
 */
export function createSendQueue(options: {
  webSocket: WebSocket;
  socket: Duplex;
  counts: LiveCounts;
  onTooSlow: () => void;
}): SendQueue {
  const { webSocket, socket, counts, onTooSlow } = options;
  let limit = MAX_UNREAD_BYTES;

  const cutOff = (): void => {
    counts.cutOff.too_slow += 1;
    webSocket.close(CLOSE_TOO_SLOW, 'too_slow: more than 1 MB was waiting to be read; reconnect for a snapshot');
    const timer = setTimeout(() => webSocket.terminate(), READ_REASON_MS);
    webSocket.once('close', () => clearTimeout(timer));
    onTooSlow();
  };

  const write = (frame: Buffer): void => {
    counts.frames += 1;
    counts.bytes += frame.length;
    socket.write(frame);
  };

  /** False, and the end, for a client that does not read. */
  const mayWrite = (): boolean => {
    if (webSocket.readyState !== webSocket.OPEN) return false;
    const buffered = webSocket.bufferedAmount;
    if (buffered <= MAX_UNREAD_BYTES) limit = MAX_UNREAD_BYTES;
    else if (buffered > limit) {
      cutOff();
      return false;
    }
    return true;
  };

  const relay = (frame: Buffer): void => {
    if (mayWrite()) write(frame);
  };

  return {
    send: (text) => relay(toWireText(Buffer.from(text))),
    relay,
    show(frame, backlog) {
      if (!mayWrite()) return;
      write(frame);
      for (const later of backlog) write(later);
      const wanted = webSocket.bufferedAmount + MAX_UNREAD_BYTES;
      limit = Math.max(limit, Math.min(wanted, MAX_UNREAD_SNAPSHOT_BYTES));
    },
    isReady: () => webSocket.bufferedAmount <= MAX_UNREAD_BYTES,
    cutOff,
  };
}
