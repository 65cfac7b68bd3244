import express, { type Request, type Response } from 'express';
import { BridgeError } from '../errors';

/** An exporter that takes longer holds a place that others wait for. */
const BODY_LIMIT_MS = 10_000;

/** Reads bodies, unpacked, of at most so many bytes. */
export type ReadBody = (req: Request, res: Response) => Promise<Buffer>;

/** What the parser found wrong carries the status that it wants. */
function refusalOf(error: unknown, maxBytes: number): BridgeError {
  const { status } = error as { status?: number };
  if (status === 413) {
    return new BridgeError(
      'payload_too_large',
      413,
      `body: expected at most ${maxBytes} bytes, unpacked; send fewer spans at once, or set FLOW_OTLP_MAX_BYTES`,
      { cause: error },
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return new BridgeError('invalid_request', status ?? 400, `body: ${message}`, { cause: error });
}

/** @throws {BridgeError} `payload_too_large`, or `invalid_request`: packed in an unknown way, cut off, too slow */
export function createReadBody(maxBytes: number): ReadBody {
  const parse = express.raw({ type: () => true, limit: maxBytes });
  return (req, res) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        res.set('Connection', 'close');
        reject(new BridgeError('invalid_request', 408, `body: expected it within ${BODY_LIMIT_MS} ms`));
      }, BODY_LIMIT_MS);
      parse(req, res, (error: unknown) => {
        clearTimeout(timer);
        if (error !== undefined && error !== null) {
          // The rest of the body is not read.
          res.set('Connection', 'close');
          reject(refusalOf(error, maxBytes));
        } else resolve(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
      });
    });
}
