import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/**
 * Express's own comparison heeds a `Cache-Control: no-cache` of the request, which is meant for caches on the way and
 * which fetch() sends along with every If-None-Match.
 */
function hasAlready(req: Request, tag: string): boolean {
  const known = req.get('if-none-match')?.split(',') ?? [];
  return known.some((given) => given.trim() === tag);
}

/**
 * Lets the caller keep an answer and ask whether it is still that. The tag is of the content, so it is right also when a
 * late event changes a flow that has ended; what is saved is the transfer.
 */
export function sendRevalidated({ req, res }: { req: Request; res: Response }, body: unknown): undefined {
  const text = JSON.stringify(body);
  const tag = `W/"${createHash('sha1').update(text).digest('base64url')}"`;
  res.set({ 'Cache-Control': 'private, no-cache', ETag: tag });
  if (hasAlready(req, tag)) res.status(304).end();
  else res.type('json').send(text);
}
