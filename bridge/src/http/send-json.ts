import { createHash } from 'node:crypto';
import { setImmediate as giveWay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { AnswerPass } from './answer-budget';
import { jsonPieces } from './json-pieces';

/** Express's own comparison heeds a `Cache-Control: no-cache` of the request, which is meant for caches on the way. */
function hasAlready(req: Request, tag: string): boolean {
  const known = req.get('if-none-match')?.split(',') ?? [];
  return known.some((given) => given.trim() === tag);
}

/** One exchange, and the room that its answer has, where it needs any. */
export interface Exchange {
  req: Request;
  res: Response;
  pass?: AnswerPass | undefined;
}

/**
 * Sends an answer as JSON, however large, without holding up the others.
 *
 * @param revalidates lets the caller keep the answer and ask whether it is still that. The tag is of the content, so it
 *   is right also when a late event changes a flow that has ended; what is saved is the transfer.
 */
export async function sendJson({ req, res, pass }: Exchange, answer: object, revalidates = false): Promise<void> {
  const hash = createHash('sha1');
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (const text of jsonPieces(answer)) {
    if (pieces.length > 0) await giveWay();
    if (res.destroyed) return;
    const piece = Buffer.from(text);
    pieces.push(piece);
    bytes += piece.length;
    if (revalidates) hash.update(piece);
  }
  pass?.made(bytes, () => res.destroy());
  res.set({ 'Content-Type': 'application/json; charset=utf-8' });
  if (revalidates) {
    const tag = `W/"${hash.digest('base64url')}"`;
    res.set({ 'Cache-Control': 'private, no-cache', ETag: tag });
    if (hasAlready(req, tag)) {
      res.removeHeader('Content-Type');
      res.status(304).end();
      return;
    }
  }
  res.set('Content-Length', String(bytes));
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  for (const piece of pieces.slice(0, -1)) res.write(piece);
  res.end(pieces.at(-1));
}
