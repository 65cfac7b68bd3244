import { parseServerFrame } from '@flow-tracking/protocol';

/** How a real upgrade went. */
export type SocketOutcome = 'open' | 'refused' | 'silent';

const DEADLINE_MS = 5_000;

/** Opens a WebSocket to the bridge and waits for its first frame: a proxy may let the upgrade pass and then nothing more. */
export function trySocket(url: string, createSocket = (at: string) => new WebSocket(at)): Promise<SocketOutcome> {
  return new Promise((resolve) => {
    let socket: WebSocket;
    try {
      socket = createSocket(url);
    } catch {
      resolve('refused');
      return;
    }
    const end = (outcome: SocketOutcome): void => {
      clearTimeout(timer);
      socket.onmessage = socket.onerror = socket.onclose = null;
      socket.close();
      resolve(outcome);
    };
    const timer = setTimeout(() => end('silent'), DEADLINE_MS);
    socket.onerror = socket.onclose = () => end('refused');
    socket.onmessage = ({ data }: MessageEvent<unknown>) => end(isHello(data) ? 'open' : 'refused');
  });
}

function isHello(data: unknown): boolean {
  try {
    return typeof data === 'string' && parseServerFrame(data).type === 'hello';
  } catch {
    return false;
  }
}
