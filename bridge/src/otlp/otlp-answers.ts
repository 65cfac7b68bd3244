import { BridgeError } from '../errors';

/** How a request and its answer are written. */
export type OtlpFormat = 'protobuf' | 'json';

export const MEDIA_TYPES: Readonly<Record<OtlpFormat, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** Codes of google.rpc.Code, by HTTP status. */
const RPC_CODES: ReadonlyMap<number, number> = new Map([
  [400, 3],
  [401, 16],
  [403, 7],
  [408, 4],
  [413, 8],
  [415, 3],
  [429, 8],
  [503, 14],
]);
const RPC_INTERNAL = 13;

/** @throws {BridgeError} `invalid_request`, 415 */
export function formatOf(contentType: string | undefined): OtlpFormat {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === MEDIA_TYPES.protobuf) return 'protobuf';
  if (type === MEDIA_TYPES.json) return 'json';
  const given = JSON.stringify((contentType ?? '').slice(0, 60));
  throw new BridgeError(
    'invalid_request',
    415,
    `Content-Type: expected ${MEDIA_TYPES.protobuf} or ${MEDIA_TYPES.json}, got ${given}`,
  );
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** A field of bytes, or of text. */
function bytesField(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(value.length)]), value]);
}

function numberField(field: number, value: number): Buffer {
  return Buffer.from([...varint(field * 8), ...varint(value)]);
}

/** An ExportTraceServiceResponse; with a partial success if spans were refused. */
export function exportAnswer(format: OtlpFormat, refused: number, problem: string): Buffer {
  if (format === 'json') {
    const partial = { rejectedSpans: String(refused), errorMessage: problem };
    return Buffer.from(JSON.stringify(refused === 0 ? {} : { partialSuccess: partial }));
  }
  if (refused === 0) return Buffer.alloc(0);
  const partial = Buffer.concat([numberField(1, refused), bytesField(2, Buffer.from(problem))]);
  return bytesField(1, partial);
}

/** A google.rpc.Status. */
export function statusAnswer(format: OtlpFormat, { httpStatus, code, message }: BridgeError): Buffer {
  const rpcCode = RPC_CODES.get(httpStatus) ?? RPC_INTERNAL;
  const text = `${code}: ${message}`;
  if (format === 'json') return Buffer.from(JSON.stringify({ code: rpcCode, message: text }));
  return Buffer.concat([numberField(1, rpcCode), bytesField(2, Buffer.from(text))]);
}
