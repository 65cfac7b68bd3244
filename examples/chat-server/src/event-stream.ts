import type { Response } from 'express';

/** Begins a stream of server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function beginEvents(res: Response): void {
  res.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  res.flushHeaders();
}

/** Sends one event; `data` is sent as JSON. */
export function sendEvent(res: Response, event: string, data: unknown): void {
  res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
