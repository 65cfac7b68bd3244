import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Access } from '../access/access';
import { BridgeError, messageOf } from '../errors';
import type { Endpoints } from '../http/endpoint';
import { toBridgeError } from '../http/errors';
import type { Logger } from '../platform/logger';
import { decodeJson } from './decode-json';
import { decodeProtobuf } from './decode-protobuf';
import { exportAnswer, formatOf, MEDIA_TYPES, statusAnswer, type OtlpFormat } from './otlp-answers';
import { createReadBody } from './read-body';
import { createSlots } from './slots';
import type { ResourceSpans } from './spans';
import type { TakeSpans } from './take-spans';
import { WireError } from './wire-reader';

/** Requests that are read and taken in at once; each may have the bytes of one. */
const AT_ONCE = 8;
const WAITING = 64;
/** Of one request; each takes about a µs here, and some in Redis and Postgres. */
const MAX_SPANS = 50_000;
const RETRY_AFTER_S = 2;

/** Spans so far. */
export interface SpanCounts extends Record<string, number> {
  taken: number;
  refused: number;
}

export interface OtlpOptions {
  access: Access;
  takeSpans: TakeSpans;
  spanCounts: SpanCounts;
  /** Bytes of one request, unpacked. */
  otlpMaxBytes: number;
  isStopping: () => boolean;
  logger: Logger;
}

const exportResponse = z
  .strictObject({
    partialSuccess: z.strictObject({ rejectedSpans: z.string(), errorMessage: z.string() }).exactOptional(),
  })
  .meta({ id: 'ExportTraceServiceResponse', description: "OTLP's answer, as JSON; as protobuf to protobuf" });

/** @throws {BridgeError} `invalid_request` or `payload_too_large` */
function decode(format: OtlpFormat, body: Buffer): ResourceSpans[] {
  let groups: ResourceSpans[];
  try {
    groups = format === 'json' ? decodeJson(body) : decodeProtobuf(body);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new BridgeError('invalid_request', 400, `body: expected an ExportTraceServiceRequest; ${error.message}`);
  }
  const count = groups.reduce((sum, { spans }) => sum + spans.length, 0);
  if (count > MAX_SPANS) {
    throw new BridgeError('payload_too_large', 413, `spans: expected at most ${MAX_SPANS} at once, got ${count}`);
  }
  return groups;
}

/** `POST /v1/traces`: OTLP over HTTP. What is refused is answered as OTLP has it. */
export function mountOtlp(endpoints: Endpoints, options: OtlpOptions): void {
  const { access, takeSpans, spanCounts, otlpMaxBytes, isStopping, logger } = options;
  const readBody = createReadBody(otlpMaxBytes);
  const slots = createSlots(AT_ONCE, WAITING);

  const take = async (format: OtlpFormat, req: Request, res: Response): Promise<Buffer> => {
    const leave = await slots.enter();
    try {
      const groups = decode(format, await readBody(req, res));
      const { taken, refused, problem } = await takeSpans(groups).catch((error: unknown) => {
        if (error instanceof BridgeError) throw error;
        throw new BridgeError('redis_unavailable', 503, `Redis did not take the spans: ${messageOf(error)}`, {
          cause: error,
          retryAfterS: RETRY_AFTER_S,
        });
      });
      spanCounts.taken += taken;
      spanCounts.refused += refused;
      return exportAnswer(format, refused, problem);
    } finally {
      leave();
    }
  };

  endpoints.mount(
    {
      method: 'post',
      path: '/v1/traces',
      summary: 'Takes spans by OTLP/HTTP, as protobuf or JSON; answers when Redis has them',
      isWrite: true,
      answer: exportResponse,
      errors: ['payload_too_large', 'redis_unavailable', 'postgres_unavailable', 'busy'],
    },
    async ({ req, res }) => {
      let format: OtlpFormat = 'json';
      try {
        access.authorize(req, 'write');
        format = formatOf(req.get('content-type'));
        if (isStopping()) {
          throw new BridgeError('busy', 503, 'This bridge is stopping; send it again', { retryAfterS: RETRY_AFTER_S });
        }
        const answer = await take(format, req, res);
        res.set('Content-Type', MEDIA_TYPES[format]).send(answer);
      } catch (error) {
        const known = toBridgeError(error);
        if (known.httpStatus >= 500) logger.error({ err: error, path: req.path }, known.message);
        if (known.retryAfterS !== undefined) res.set('Retry-After', String(known.retryAfterS));
        // What is left of the body is not read.
        if (!req.complete) res.set('Connection', 'close');
        res.status(known.httpStatus).set('Content-Type', MEDIA_TYPES[format]).send(statusAnswer(format, known));
      }
      return undefined;
    },
  );
}
