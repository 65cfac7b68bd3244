import type { Attributes, JsonValue } from '@flow-tracking/protocol';
import { finite, MAX_DEPTH, msOfNanos, setAttribute, TOO_DEEP, type OtlpSpan, type ResourceSpans } from './spans';
import { WireReader } from './wire-reader';

/* Reads an ExportTraceServiceRequest. Field numbers are those of opentelemetry-proto 1.x. */

function readValue(reader: WireReader, depth: number): JsonValue {
  if (depth > MAX_DEPTH) {
    reader.skip();
    return TOO_DEEP;
  }
  let value: JsonValue = null;
  const outer = reader.enter();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) value = reader.text();
    else if (field === 2) value = reader.uint() !== 0;
    else if (field === 3) value = reader.int64();
    else if (field === 4) value = finite(reader.double());
    else if (field === 5) value = readArray(reader, depth + 1);
    else if (field === 6) value = readList(reader, depth + 1);
    else if (field === 7) value = reader.base64();
    else reader.skip();
  }
  reader.leave(outer);
  return value;
}

function readArray(reader: WireReader, depth: number): JsonValue[] {
  const values: JsonValue[] = [];
  const outer = reader.enter();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) values.push(readValue(reader, depth));
    else reader.skip();
  }
  reader.leave(outer);
  return values;
}

/** A KeyValueList, and whatever else has key and value pairs in its first field. */
function readList(reader: WireReader, depth = 0): Attributes {
  const attributes: Attributes = {};
  const outer = reader.enter();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) readAttribute(reader, attributes, depth);
    else reader.skip();
  }
  reader.leave(outer);
  return attributes;
}

function readAttribute(reader: WireReader, attributes: Attributes, depth = 0): void {
  let key = '';
  let value: JsonValue = null;
  const outer = reader.enter();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) key = reader.text();
    else if (field === 2) value = readValue(reader, depth);
    else reader.skip();
  }
  reader.leave(outer);
  setAttribute(attributes, key, value);
}

/** What the event says, if it is an exception. */
function readException(reader: WireReader): Attributes | null {
  const attributes: Attributes = {};
  let isException = false;
  const outer = reader.enter();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 2) isException = reader.text() === 'exception';
    else if (field === 3) readAttribute(reader, attributes);
    else reader.skip();
  }
  reader.leave(outer);
  return isException ? attributes : null;
}

function readStatus(reader: WireReader, span: OtlpSpan): void {
  const outer = reader.enter();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 2) span.statusMessage = reader.text();
    else if (field === 3) span.statusCode = reader.uint();
    else reader.skip();
  }
  reader.leave(outer);
}

function readSpan(reader: WireReader): OtlpSpan {
  const span: OtlpSpan = {
    traceId: '',
    spanId: '',
    parentId: '',
    flags: 0,
    name: '',
    startMs: 0,
    endMs: 0,
    attributes: {},
    statusCode: 0,
    statusMessage: '',
    exception: null,
  };
  const outer = reader.enter();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) span.traceId = reader.hex();
    else if (field === 2) span.spanId = reader.hex();
    else if (field === 4) span.parentId = reader.hex();
    else if (field === 5) span.name = reader.text();
    else if (field === 7) span.startMs = msOfNanos(reader.fixed64());
    else if (field === 8) span.endMs = msOfNanos(reader.fixed64());
    else if (field === 9) readAttribute(reader, span.attributes);
    else if (field === 11) span.exception = readException(reader) ?? span.exception;
    else if (field === 15) readStatus(reader, span);
    else if (field === 16) span.flags = reader.fixed32();
    else reader.skip();
  }
  reader.leave(outer);
  return span;
}

function readScopeSpans(reader: WireReader, spans: ResourceSpans['spans']): void {
  const outer = reader.enter();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 2) spans.push(readSpan(reader));
    else reader.skip();
  }
  reader.leave(outer);
}

function readResourceSpans(reader: WireReader): ResourceSpans {
  const group: ResourceSpans = { resource: {}, spans: [] };
  const outer = reader.enter();
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) group.resource = readList(reader);
    else if (field === 2) readScopeSpans(reader, group.spans);
    else reader.skip();
  }
  reader.leave(outer);
  return group;
}

/** @throws {WireError} what is no protobuf, or not of this message */
export function decodeProtobuf(body: Buffer): ResourceSpans[] {
  const reader = new WireReader(body);
  const groups: ResourceSpans[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) groups.push(readResourceSpans(reader));
    else reader.skip();
  }
  return groups;
}
