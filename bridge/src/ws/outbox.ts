import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { LiveCounts } from './live-counts';
import { textFrame } from './text-frame';

/** What may wait for a client. One with more does not read, and is cut off so that it costs nobody else. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;
/** While snapshots are on their way, which may be large, and come together after Redis was away. */
const MAX_BUFFERED_SNAPSHOT_BYTES = 16 * 1024 * 1024;
/** Of the application's own range. An error frame would wait behind all that was not read; this does, too, but is short. */
export const CLOSE_TOO_SLOW = 4008;
/** How long it may take to read the reason; a close alone waits for an answer, and the memory with it. */
const READ_REASON_MS = 2_000;

/** Writes to one client, in order, as long as it reads. */
export interface Outbox {
  /** A frame of this client alone. */
  readonly send: (text: string) => void;
  /** Bytes that {@link textFrame} made, for any number of clients. */
  readonly relay: (frame: Buffer) => void;
  /** The same for a snapshot, which may be larger than what else waits. */
  readonly show: (frame: Buffer) => void;
}

/**
 * @param socket the one below `webSocket`. Whole frames may be written to it between those of `webSocket`, since without
 *   compression and fragments each of its own is written at once, too.
 * @param onTooSlow the client is being cut off
 */
export function createOutbox(options: {
  webSocket: WebSocket;
  socket: Duplex;
  counts: LiveCounts;
  onTooSlow: () => void;
}): Outbox {
  const { webSocket, socket, counts, onTooSlow } = options;
  let limit = MAX_BUFFERED_BYTES;

  const cutOff = (): void => {
    counts.cutOff.too_slow += 1;
    webSocket.close(CLOSE_TOO_SLOW, 'too_slow: more than 1 MB was waiting to be read; reconnect for a snapshot');
    const timer = setTimeout(() => webSocket.terminate(), READ_REASON_MS);
    webSocket.once('close', () => clearTimeout(timer));
    onTooSlow();
  };

  const relay = (frame: Buffer): void => {
    if (webSocket.readyState !== webSocket.OPEN) return;
    const buffered = webSocket.bufferedAmount;
    if (buffered <= MAX_BUFFERED_BYTES) limit = MAX_BUFFERED_BYTES;
    else if (buffered > limit) {
      cutOff();
      return;
    }
    counts.frames += 1;
    counts.bytes += frame.length;
    socket.write(frame);
  };

  return {
    send: (text) => relay(textFrame(Buffer.from(text))),
    relay,
    show(frame) {
      relay(frame);
      const wanted = webSocket.bufferedAmount + MAX_BUFFERED_BYTES;
      limit = Math.max(limit, Math.min(wanted, MAX_BUFFERED_SNAPSHOT_BYTES), frame.length + MAX_BUFFERED_BYTES);
    },
  };
}
