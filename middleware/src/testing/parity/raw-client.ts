import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const TIMEOUT_MS = 5_000;

/** The promise, or an error that tells what it waited for; tests wait for events, so a lost one must say its name. */
export async function inTime<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Waited ${TIMEOUT_MS} ms for: ${what}`));
    }, TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export interface RequestParts {
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** Default false: the server is asked to close, so that the end of the answer is the end of the connection. */
  keepAlive?: boolean;
}

/** A request as it goes over the wire. */
export function requestBytes(method: string, path: string, parts: RequestParts = {}): Buffer {
  const { headers = {}, body, keepAlive = false } = parts;
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: parity.test'];
  if (!keepAlive) lines.push('Connection: close');
  if (body !== undefined && headers['Transfer-Encoding'] === undefined)
    lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), Buffer.from(body ?? '')]);
}

/** A connection of which every byte is kept, since fetch and node:http hide framing and connections. */
export interface RawClient {
  readonly socket: Socket;
  readonly send: (data: string | Buffer) => void;
  /** Resolves when the text has come that many times. */
  readonly until: (text: string, times?: number) => Promise<void>;
  /** Resolves with all that came once the connection has closed. */
  readonly closed: () => Promise<RawAnswer>;
  /** Leaves without a word. */
  readonly leave: () => void;
}

export interface RawAnswer {
  readonly bytes: Buffer;
  /** `end`, or the code of the error that the connection closed with. */
  readonly closedBy: string;
}

export function connectRaw(port: number): RawClient {
  const socket = connect({ port, host: '127.0.0.1' });
  const chunks: Buffer[] = [];
  let closedBy = 'end';
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', (error: NodeJS.ErrnoException) => (closedBy = error.code ?? error.message));
  const closing = once(socket, 'close');
  const has = (text: string, times: number): boolean =>
    Buffer.concat(chunks).toString('latin1').split(text).length > times;
  return {
    socket,
    send: (data) => socket.write(data),
    until(text, times = 1) {
      const come = new Promise<void>((resolve, reject) => {
        const check = (): void => {
          if (!has(text, times)) return;
          socket.off('data', check);
          resolve();
        };
        socket.on('data', check);
        void closing.then(() => {
          reject(new Error(`Closed before ${JSON.stringify(text)}: ${Buffer.concat(chunks).toString('latin1')}`));
        });
        check();
      });
      return inTime(`the client gets ${JSON.stringify(text)}`, come);
    },
    async closed() {
      await inTime('the connection closes', closing);
      return { bytes: Buffer.concat(chunks), closedBy };
    },
    leave() {
      socket.destroy();
    },
  };
}

function dechunk(body: string): string {
  let decoded = '';
  let rest = body;
  for (;;) {
    const [size = ''] = rest.split('\r\n', 1);
    const length = Number.parseInt(size, 16);
    const start = size.length + 2;
    if (!(length > 0)) return `${decoded}<${rest}>`;
    decoded += rest.slice(start, start + length);
    rest = rest.slice(start + length + 2);
  }
}

const LONG = 8_192;

/** The body after the first head, which only answers with one head and one body have. */
export function bodyOf({ bytes }: RawAnswer): Buffer {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n') + 4;
  const isChunked = /^transfer-encoding: chunked\r$/im.test(text.slice(0, end));
  if (!isChunked) return bytes.subarray(end);
  return Buffer.from(dechunk(text.slice(end)).replace(/<0\r\n\r\n>$/, ''), 'latin1');
}

/**
 * What came, to be compared: every byte but the date. Of a long answer it is a digest, so that a difference can be read.
 *
 * @param framing false: where chunks begin depends on how much the kernel gave at once, and is left out
 */
export function render(answer: RawAnswer, framing = true): string {
  const text = answer.bytes.toString('latin1').replace(/^Date: .*\r$/gm, 'Date: *\r');
  const end = text.indexOf('\r\n\r\n') + 4;
  const body = framing ? Buffer.from(text.slice(end), 'latin1') : bodyOf(answer);
  const shown =
    body.length <= LONG
      ? body.toString('latin1')
      : `${body.length} bytes, sha256 ${createHash('sha256').update(body).digest('hex')}`;
  return `${text.slice(0, end)}${shown}\n(closed by ${answer.closedBy})`;
}
