import { parseServerFrame } from '@flow-tracking/protocol';
import { t } from '../../../texts/t';

const ANSWER_MS = 5_000;

/** Opens a WebSocket, reads the version of the first frame, and closes it. @throws {Error} in words for people */
export function openSocket(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const timer = setTimeout(() => fail(t('app.start.socket-silent')), ANSWER_MS);
    const end = (): void => {
      clearTimeout(timer);
      socket.onclose = null;
      socket.close();
    };
    const fail = (message: string): void => {
      end();
      reject(new Error(message));
    };
    // A browser does not say why.
    socket.onclose = () => fail(t('app.start.socket-refused'));
    socket.onmessage = ({ data }) => {
      const frame = parseServerFrame(String(data));
      if (frame.type !== 'hello') return;
      end();
      resolve(frame.protocol);
    };
  });
}
