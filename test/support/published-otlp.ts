import { dirname, join } from 'node:path';
import { Root, type Type } from 'protobufjs';

/** The published definitions of OTLP. */
const PROTOS = join(dirname(require.resolve('@opentelemetry/otlp-grpc-exporter-base/package.json')), 'build/protos');
const REQUEST = 'opentelemetry/proto/collector/trace/v1/trace_service.proto';
/** OTLP/JSON writes these in hex, where JSON of Protobuf has base64. */
const IDS = new Set(['traceId', 'spanId', 'parentSpanId']);

const root = new Root();
root.resolvePath = (_origin, target) => join(PROTOS, target);

export interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Record<string, unknown>;
  events: { name: string; attributes: Record<string, unknown> }[];
  status: { code?: number; message?: string };
  service: unknown;
}

type Fields = Record<string, unknown>;

/** With ids as base64; @throws {Error} what the definitions do not have */
function toProtobufJson(type: Type, fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      const field = type.fields[key]?.resolve();
      if (field === undefined) throw new Error(`${type.name} has no field ${key}`);
      if (IDS.has(key)) return [key, Buffer.from(String(value), 'hex').toString('base64')];
      const below = field.resolvedType as Type | null;
      if (below === null || !('fields' in below)) return [key, value];
      const convert = (one: unknown): Fields => toProtobufJson(below, one as Fields);
      return [key, field.repeated ? (value as unknown[]).map(convert) : convert(value)];
    }),
  );
}

/** What the definitions give as plain objects, as far as it is read here. */
interface PlainValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string;
  doubleValue?: number;
  arrayValue?: { values?: PlainValue[] };
  kvlistValue?: { values?: PlainAttribute[] };
}
interface PlainAttribute {
  key: string;
  value?: PlainValue;
}
interface PlainSpan extends Omit<SentSpan, 'attributes' | 'events' | 'service'> {
  attributes?: PlainAttribute[];
  events?: { name: string; attributes?: PlainAttribute[] }[];
}
interface PlainRequest {
  resourceSpans: { resource: { attributes?: PlainAttribute[] }; scopeSpans: { spans: PlainSpan[] }[] }[];
}

function valueOf({ arrayValue, kvlistValue, intValue, stringValue, boolValue, doubleValue }: PlainValue = {}): unknown {
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(valueOf);
  if (kvlistValue !== undefined) return attributesOf(kvlistValue.values);
  if (intValue !== undefined) return Number(intValue);
  return stringValue ?? boolValue ?? doubleValue ?? null;
}

function attributesOf(list: readonly PlainAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]));
}

const hexOf = (base64 = ''): string => Buffer.from(base64, 'base64').toString('hex');

/**
 * The spans of an OTLP/JSON message, after it has gone through the published definitions and their binary form.
 *
 * @throws {Error} what in it they do not allow
 */
export async function readSpans(text: string): Promise<SentSpan[]> {
  if (root.nested === undefined) await root.load(REQUEST);
  const type = root.lookupType('opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest');
  const message = type.fromObject(toProtobufJson(type, JSON.parse(text) as Fields));
  const problem = type.verify(message);
  if (problem !== null) throw new Error(problem);
  const read = type.toObject(type.decode(type.encode(message).finish()), {
    longs: String,
    enums: Number,
    bytes: String,
  });
  return (read as PlainRequest).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        traceId: hexOf(span.traceId),
        spanId: hexOf(span.spanId),
        parentSpanId: hexOf(span.parentSpanId),
        attributes: attributesOf(span.attributes),
        events: (span.events ?? []).map((event) => ({ ...event, attributes: attributesOf(event.attributes) })),
        status: (span.status as SentSpan['status'] | undefined) ?? {},
        service: attributesOf(resource.attributes)['service.name'],
      })),
    ),
  );
}
