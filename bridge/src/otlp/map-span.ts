import {
  checkpointOfSpan,
  conventionAttributes,
  LIMITS,
  SPAN_ATTRIBUTES,
  spanText,
  type Attributes,
  type ErrorInfo,
} from '@flow-tracking/protocol';
import { isSpanId } from './check-span';
import { fitAttributes } from './span-attributes';
import type { OtlpSpan } from './spans';

/** Names of attributes that tell user and session, the first that is there wins. */
export interface IdentityAttributes {
  user: readonly string[];
  session: readonly string[];
}

/** A span in the words of flows, without its numbers. */
export interface MappedSpan {
  traceId: string;
  spanId: string;
  /** Empty: a root. */
  parentId: string;
  /** The start of a span that goes on. */
  isPending: boolean;
  /** The parent is of another process. */
  isRemote: boolean;
  startMs: number;
  endMs: number;
  checkpoint: string;
  /** Of the flow, if this is its root. */
  name: string;
  attributes: Attributes;
  error: ErrorInfo | undefined;
  httpStatus: number | undefined;
  user: string | undefined;
  session: string | undefined;
}

/** As Logfire's SDKs mark the span that they send when another one starts. */
const SPAN_TYPE = 'logfire.span_type';
const PENDING_PARENT = 'logfire.pending_parent_id';
/** Logfire's SDKs write this in place of `session.id`, since a session may be a secret: it is nobody's. */
const SCRUBBED = '[Scrubbed due to ';

const HTTP_STATUS = ['http.response.status_code', 'http.status_code'];
/** Bit 8 of the flags: bit 9 is known. Bit 9: the parent is remote. */
const IS_REMOTE = 0x200;
const FAILED = 2;
const MAX_MESSAGE = 4 * 1024;

function idOf(attributes: Attributes, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = attributes[name];
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text === '' || text.startsWith(SCRUBBED)) continue;
    if (Buffer.byteLength(text) <= LIMITS.idBytes) return text.toWellFormed();
  }
  return undefined;
}

function httpStatusOf(attributes: Attributes): number | undefined {
  for (const name of HTTP_STATUS) {
    const status = Number(attributes[name]);
    if (Number.isInteger(status) && status >= 100 && status <= 999) return status;
  }
  return undefined;
}

function errorOf({ statusCode, statusMessage, exception, attributes }: OtlpSpan): ErrorInfo | undefined {
  if (statusCode !== FAILED) return undefined;
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  const type = textOf(exception?.['exception.type']) || textOf(attributes['error.type']) || 'Error';
  const message = textOf(exception?.['exception.message']) || statusMessage;
  return { type: spanText(type), message: message.slice(0, MAX_MESSAGE).toWellFormed() };
}

function withoutMarks({ [SPAN_TYPE]: _type, [PENDING_PARENT]: _parent, ...others }: Attributes): Attributes {
  return others;
}

const idOrNone = (id: string): string => (isSpanId(id) ? id : '');

/**
 * Maps a span that was checked; undefined: one that says it is pending, and not what it stands for. Its attributes may become those
 * of the result.
 */
export function mapSpan(span: OtlpSpan, identity: IdentityAttributes): MappedSpan | undefined {
  const { attributes } = span;
  const isPending = attributes[SPAN_TYPE] === 'pending_span';
  const parentId = idOrNone(span.parentId);
  if (isPending && parentId === '') return undefined;
  const pendingParent = attributes[PENDING_PARENT];
  const spanId = isPending ? parentId : span.spanId;
  const realParentId = isPending ? idOrNone(typeof pendingParent === 'string' ? pendingParent : '') : parentId;
  const checkpoint = checkpointOfSpan(span.name, attributes);
  const name = spanText(span.name);
  const own = isPending ? withoutMarks(attributes) : attributes;
  const convention = conventionAttributes(checkpoint, attributes);
  // First: what does not fit is cut from the end.
  const fitted = fitAttributes(Object.keys(convention).length === 0 ? own : { ...convention, ...own });
  fitted[SPAN_ATTRIBUTES.spanId] = spanId;
  if (realParentId !== '') fitted[SPAN_ATTRIBUTES.parentSpanId] = realParentId;
  if (name !== checkpoint) fitted[SPAN_ATTRIBUTES.spanName] = name;
  return {
    traceId: span.traceId,
    spanId,
    parentId: realParentId,
    isPending,
    // The parent of a pending span is the span itself.
    isRemote: !isPending && (span.flags & IS_REMOTE) !== 0,
    startMs: span.startMs,
    endMs: Math.max(span.startMs, span.endMs),
    checkpoint,
    name,
    attributes: fitted,
    error: errorOf(span),
    httpStatus: httpStatusOf(attributes),
    user: idOf(attributes, identity.user),
    session: idOf(attributes, identity.session),
  };
}
