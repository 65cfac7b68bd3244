import { connect } from 'node:net';

export interface LoadResult {
  /** Answers with status 200. */
  readonly ok: number;
  /** Answers with another status. */
  readonly other: number;
  readonly tookMs: number;
  /** The longest time in which a connection that waited for answers got none. */
  readonly longestPauseMs: number;
}

export interface Load {
  /** Resolves when so many requests are answered. */
  answered(count: number): Promise<void>;
  /** Resolves when all are answered and the connections closed; rejects when one is lost. */
  readonly done: Promise<LoadResult>;
}

const STATUS_LINE = 'HTTP/1.1 ';
const OK_LINE = 'HTTP/1.1 200';

/** Counts what begins in a stream of chunks, wherever it is cut. */
function createCounter(text: string): (chunk: string) => number {
  let rest = '';
  return (chunk) => {
    const all = rest + chunk;
    let count = 0;
    let end = 0;
    for (let at = all.indexOf(text); at !== -1; at = all.indexOf(text, end)) {
      count += 1;
      end = at + text.length;
    }
    rest = all.slice(Math.max(end, all.length - text.length + 1));
    return count;
  };
}

/**
 * Sends GET requests over a few connections that stay open, each with `depth` requests under way (HTTP pipelining), and
 * parses no more of the answers than their status lines: on two cores that leaves one for the server.
 *
 * @param options.paths asked in turn
 */
export function startLoad(options: {
  port: number;
  paths: readonly string[];
  requests: number;
  connections?: number;
  depth?: number;
}): Load {
  const { port, paths, requests, connections = 4, depth = 32 } = options;
  const texts = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  const waiting: { count: number; resolve: () => void }[] = [];
  const startedMs = performance.now();
  let sent = 0;
  let answers = 0;
  let ok = 0;
  let longestPauseMs = 0;

  const nextRequests = (count: number): string => {
    let text = '';
    for (let i = 0; i < count && sent < requests; i++, sent++) text += texts[sent % texts.length] ?? '';
    return text;
  };

  const answered = (count: number): Promise<void> => {
    if (answers >= count) return Promise.resolve();
    return new Promise((resolve) => waiting.push({ count, resolve }));
  };

  const runConnection = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const countAnswers = createCounter(STATUS_LINE);
      const countOk = createCounter(OK_LINE);
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1');
      let underWay = 0;
      let lastMs = startedMs;
      const send = (count: number): void => {
        const before = sent;
        const text = nextRequests(count);
        underWay += sent - before;
        if (text !== '') socket.write(text);
        else if (underWay === 0) socket.end();
      };
      socket.once('connect', () => send(depth));
      socket.once('error', reject);
      socket.once('close', () => {
        if (underWay === 0) resolve();
        else reject(new Error(`A connection closed before ${underWay} requests were answered`));
      });
      socket.on('data', (data) => {
        const chunk = data as unknown as string;
        const now = performance.now();
        longestPauseMs = Math.max(longestPauseMs, now - lastMs);
        lastMs = now;
        const count = countAnswers(chunk);
        ok += countOk(chunk);
        answers += count;
        underWay -= count;
        for (const waiter of waiting) if (answers >= waiter.count) waiter.resolve();
        send(count);
      });
    });

  const done = Promise.all(Array.from({ length: connections }, runConnection)).then(() => ({
    ok,
    other: answers - ok,
    tookMs: performance.now() - startedMs,
    longestPauseMs,
  }));
  // A test that waits for an answer meanwhile sees the failure when it comes to await `done`.
  done.catch(() => {
    for (const { resolve } of waiting) resolve();
  });
  return { answered, done };
}
