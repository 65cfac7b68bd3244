import type { Request } from 'express';

/** Grafana's name of who asks; only callers with a token get here, so it is as good as they are. */
export function actorOf(req: Request): string | null {
  return req.get('x-grafana-user')?.slice(0, 255) ?? null;
}
