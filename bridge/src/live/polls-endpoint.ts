import { LIMITS, POLL_MEDIA_TYPE, RECORD_END, RECORD_SEPARATOR, type PollFrame } from '@flow-tracking/protocol';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { BridgeError } from '../errors';
import type { Endpoints } from '../http/endpoint';
import type { LivePolls, PollResult } from './live-polls';
import { liveQuery } from './polls-inputs';

export interface LiveOptions {
  polls: LivePolls;
}

const SEPARATOR = Buffer.from(RECORD_SEPARATOR);
const END = Buffer.from(RECORD_END);

/** A poll that is held says nothing, and that is not its reader's fault. */
async function withoutIdleLimit<T>({ socket }: Request, wait: () => Promise<T>): Promise<T> {
  const idleMs = socket.timeout ?? 0;
  socket.setTimeout(0);
  try {
    return await wait();
  } finally {
    socket.setTimeout(idleMs);
  }
}

/** Sends an answer whole, with its length: what is in between may hold a stream back. The frames are not copied. */
function sendFrames(res: Response, { cursor, reset, frames }: PollResult): void {
  const head: PollFrame = { type: 'poll', cursor, reset };
  const pieces = [Buffer.from(JSON.stringify(head)), ...frames].flatMap((frame) => [SEPARATOR, frame, END]);
  res.set('Content-Type', POLL_MEDIA_TYPE);
  res.set('Content-Length', String(pieces.reduce((sum, { length }) => sum + length, 0)));
  for (const piece of pieces) res.write(piece);
  res.end();
}

/** `GET /api/v1/live`: what a WebSocket has, by long polls. */
export function mountLive(endpoints: Endpoints, { polls }: LiveOptions): void {
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/live',
      summary:
        'Live frames of some users by long poll: those after the cursor at once, else the next, or none after wait_ms. ' +
        'A JSON text sequence (RFC 7464) of a poll record with the next cursor, then the frames of a WebSocket',
      query: liveQuery,
      mediaType: POLL_MEDIA_TYPE,
      answer: z.string(),
      errors: ['too_many_subscriptions', 'too_many_connections'],
    },
    async ({ query, req, res }) => {
      const users = new Set(query.user);
      if (users.size > LIMITS.subscriptions) {
        const message = `At most ${LIMITS.subscriptions} users a client, got ${users.size}; "*" is every monitored one`;
        throw new BridgeError('too_many_subscriptions', 400, message);
      }
      if (req.method === 'HEAD') return void res.type(POLL_MEDIA_TYPE).end();
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      const cutOff = (): void => {
        // The connection may be another request's by then.
        if (!res.writableFinished) res.destroy();
      };
      const answer = await withoutIdleLimit(req, () =>
        polls.poll({ users, after: query.after, waitMs: query.wait_ms, signal: gone.signal, cutOff }),
      );
      if (!res.closed) sendFrames(res, answer);
      return undefined;
    },
  );
}
