import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Counts the requests that are recorded now, so that `close` can let them end. */
export class OpenRequests {
  count = 0;
  private readonly waiting = new Set<() => void>();

  begin(request: { isOpen: boolean }): void {
    request.isOpen = true;
    this.count += 1;
  }

  /** A second time changes nothing. */
  end(request: { isOpen: boolean }): void {
    if (!request.isOpen) return;
    request.isOpen = false;
    this.count -= 1;
    if (this.count === 0) this.giveUp();
  }

  /** Resolves when none is open, after `timeoutMs`, or at {@link giveUp}. */
  async ended(timeoutMs: number): Promise<void> {
    if (this.count === 0 || timeoutMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Nobody waits any longer. */
  giveUp(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** By connection, what is to be called when it is lost: one listener for all, since Node warns of more than ten. */
const waiting = new WeakMap<Socket, Set<() => void>>();

function waitingOn(socket: Socket): Set<() => void> {
  let calls = waiting.get(socket);
  if (calls === undefined) {
    const created = new Set<() => void>();
    socket.once('close', () => {
      for (const call of created) call();
    });
    waiting.set(socket, created);
    calls = created;
  }
  return calls;
}

/**
 * Calls `lost` when the connection is lost before the response has closed. Of use for a response that waits behind
 * others on its connection (pipelining): it has no socket yet, and when that closes Node emits nothing on it.
 */
export function onConnectionLost(req: IncomingMessage, res: ServerResponse, lost: () => void): void {
  const { socket } = req;
  // Requests that a test or an adapter made may have no connection.
  if (!(socket instanceof EventEmitter)) return;
  if (socket.closed) {
    lost();
    return;
  }
  const calls = waitingOn(socket);
  calls.add(lost);
  res.once('close', () => {
    calls.delete(lost);
  });
}
