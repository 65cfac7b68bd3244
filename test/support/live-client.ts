import type { ServerFrame } from '@flow-tracking/protocol';
import { WebSocket, type ClientOptions } from 'ws';

/** A frame with the moment it came and its bytes as they came. */
export interface Received {
  at: number;
  text: string;
  frame: ServerFrame;
}

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** A plain WebSocket client that keeps everything it got. */
export interface TestLiveClient {
  readonly received: readonly Received[];
  send(frame: unknown): void;
  /** The first frame of that type that passes, whether it is here already or still to come. */
  next<T extends ServerFrame['type']>(type: T, accept?: (frame: FrameOf<T>) => boolean): Promise<FrameOf<T>>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;

export async function connectLive(url: string, options: ClientOptions = {}): Promise<TestLiveClient> {
  const socket = new WebSocket(url, options);
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    received.push({ at: Date.now(), text, frame: JSON.parse(text) as ServerFrame });
    for (const check of waiting) check();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      reject(Object.assign(new Error(`Refused with ${response.statusCode}`), { status: response.statusCode }));
    });
  });
  return {
    received,
    closed,
    send(frame) {
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    },
    next(type, accept = () => true) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          for (const { frame } of received) {
            if (frame.type !== type || !accept(frame as FrameOf<typeof type>)) continue;
            waiting.delete(check);
            clearTimeout(timer);
            resolve(frame as FrameOf<typeof type>);
            return;
          }
        };
        const timer = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`No ${type} frame in ${TIMEOUT_MS} ms; got ${received.map((r) => r.text).join('\n')}`));
        }, TIMEOUT_MS);
        waiting.add(check);
        check();
      });
    },
    async close() {
      socket.close();
      await closed;
    },
  };
}
