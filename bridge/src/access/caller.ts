import type { Response } from 'express';

/** Remembers who asks, as access tells them apart. */
export function setCaller(res: Response, caller: string): void {
  res.locals['caller'] = caller;
}

/** Who asks: a token's digest, or an address where no tokens are asked for. */
export function callerOf(res: Pick<Response, 'locals'>): string {
  return String(res.locals['caller']);
}
