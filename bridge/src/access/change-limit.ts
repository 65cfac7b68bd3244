import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { BridgeError } from '../errors';
import { callerOf } from './caller';

const WINDOW_MS = 60_000;

/**
 * Limits requests that change something, per token, or per address where none is asked for: a script that runs wild
 * switches monitoring, and so writes to Postgres and wakes every middleware, only so often.
 */
export function limitChanges(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    keyGenerator: (_req, res) => callerOf(res),
    handler: (_req, _res, next) => {
      next(new BridgeError('rate_limited', 429, `At most ${perMinute} changes a minute; see the header Retry-After`));
    },
  });
}
