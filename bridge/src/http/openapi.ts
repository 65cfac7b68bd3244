import { PROTOCOL_VERSION } from '@flow-tracking/protocol';
import { z } from 'zod';
import type { BridgeErrorCode } from '../errors';
import { httpError, openApiDocument } from './document-answers';
import type { AnyEndpoint, Endpoints } from './endpoint';
import { sendJson } from './send-json';

type JsonSchema = Record<string, unknown>;

/** Every code that an endpoint may answer, by status. */
const STATUS: Partial<Record<BridgeErrorCode, number>> = {
  invalid_request: 400,
  payload_too_large: 413,
  unauthorized: 401,
  forbidden: 403,
  origin_refused: 403,
  host_refused: 403,
  flow_not_found: 404,
  session_not_found: 404,
  rate_limited: 429,
  internal: 500,
  postgres_unavailable: 503,
  redis_unavailable: 503,
  query_timed_out: 503,
  busy: 503,
  too_many_subscriptions: 400,
  too_many_connections: 503,
  too_many_exports: 503,
};

const REFERENCE = '#/components/schemas/';

/** Collects schemas that have a name, so that each stands in the document once. */
function createComponents() {
  const schemas: Record<string, JsonSchema> = {};
  const toJson = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
    const text = JSON.stringify(z.toJSONSchema(schema, { io, target: 'draft-2020-12' }));
    const { $schema: _, $defs = {}, ...own } = JSON.parse(text.replaceAll('"#/$defs/', `"${REFERENCE}`)) as JsonSchema;
    for (const [name, definition] of Object.entries($defs as Record<string, JsonSchema>)) {
      schemas[name.startsWith('__') ? JSON_VALUE : name] = rename(definition);
    }
    return rename(own);
  };
  return { schemas, toJson };
}

/** What zod names `__schema0`: the only schema here that refers to itself without a name is that of any JSON value. */
const JSON_VALUE = 'JsonValue';

function rename(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll(/__schema\d+/g, JSON_VALUE)) as JsonSchema;
}

type Components = ReturnType<typeof createComponents>;

function parametersOf(endpoint: AnyEndpoint, { toJson }: Components): JsonSchema[] {
  const parameters = (where: 'path' | 'query', input: z.ZodType | undefined): JsonSchema[] => {
    if (input === undefined) return [];
    const { properties = {}, required = [] } = toJson(input, 'input') as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, pattern, ...schema }]) => ({
      name,
      in: where,
      required: required.includes(name),
      ...(description !== undefined && { description }),
      // Of a number the pattern is of the text that it is written as.
      schema: schema['type'] === 'string' && pattern !== undefined ? { ...schema, pattern } : schema,
    }));
  };
  return [...parameters('path', endpoint.pathParams), ...parameters('query', endpoint.query)];
}

function scopeOf({ method, isControl, isWrite }: AnyEndpoint): 'read' | 'control' | 'write' {
  if (isWrite === true) return 'write';
  return method !== 'get' || isControl === true ? 'control' : 'read';
}

function errorsOf(endpoint: AnyEndpoint): BridgeErrorCode[] {
  if (endpoint.isOpen === true) return [];
  return [
    'invalid_request',
    'unauthorized',
    'forbidden',
    'origin_refused',
    'host_refused',
    'rate_limited',
    ...(endpoint.errors ?? []),
    'internal',
    'postgres_unavailable',
  ];
}

function responsesOf(endpoint: AnyEndpoint, { toJson }: Components): JsonSchema {
  const answer = { schema: toJson(endpoint.answer, 'output') };
  const content = {
    [endpoint.mediaType ?? 'application/json']: answer,
    ...(endpoint.ndjson !== undefined && { 'application/x-ndjson': { schema: toJson(endpoint.ndjson, 'output') } }),
  };
  const responses: JsonSchema = { 200: { description: endpoint.summary, content } };
  if (endpoint.revalidates === true) responses['304'] = { description: 'What If-None-Match names is still the answer' };
  if (endpoint.unavailable === true) responses['503'] = { description: 'Not now', content };
  const codes = new Map<number, BridgeErrorCode[]>();
  for (const code of errorsOf(endpoint)) {
    const status = STATUS[code] ?? 500;
    codes.set(status, [...(codes.get(status) ?? []), code]);
  }
  for (const [status, ofStatus] of codes) {
    responses[status] = {
      description: ofStatus.join(', '),
      content: { 'application/json': { schema: toJson(httpError, 'output') } },
    };
  }
  return responses;
}

/** The OpenAPI 3.1 document of the endpoints, made of the schemas that check what they are asked. */
export function describeEndpoints(endpoints: readonly AnyEndpoint[]): z.output<typeof openApiDocument> {
  const components = createComponents();
  // A reference in place of the schema, where it has a name.
  const named: Components = {
    ...components,
    toJson: (schema, io) => {
      const json = components.toJson(schema, io);
      const name = schema.meta()?.id;
      if (io === 'input' || name === undefined) return json;
      if (json['$ref'] === undefined) components.schemas[name] = json;
      return { $ref: REFERENCE + name };
    },
  };
  const paths: Record<string, JsonSchema> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    const parameters = parametersOf(endpoint, named);
    paths[path] = {
      ...paths[path],
      [endpoint.method]: {
        summary: endpoint.summary,
        ...(parameters.length > 0 && { parameters }),
        responses: responsesOf(endpoint, named),
        security: endpoint.isOpen === true ? [] : [{ [scopeOf(endpoint)]: [] }],
      },
    };
  }
  const scheme = (what: string) => ({ type: 'http', scheme: 'bearer', description: what });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Flow tracking bridge',
      version: String(PROTOCOL_VERSION),
      description:
        'Flows of chat requests: history, figures and monitoring. GET endpoints take HEAD, too; any other method is ' +
        'answered 405 method_not_allowed, any other path 404 not_found.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        read: scheme('A token of FLOW_READ_TOKENS or FLOW_CONTROL_TOKENS; none is asked where none are set'),
        control: scheme('A token of FLOW_CONTROL_TOKENS; none is asked where none are set'),
        write: scheme('A token of FLOW_WRITE_TOKENS; none is asked where no tokens at all are set'),
      },
    },
  };
}

/** `GET /openapi.json`: describes all that is mounted, itself too. */
export function mountOpenApi(endpoints: Endpoints): void {
  let document: z.output<typeof openApiDocument> | undefined;
  endpoints.mount(
    {
      method: 'get',
      path: '/openapi.json',
      summary: 'This document',
      answer: openApiDocument,
      revalidates: true,
    },
    async (exchange) => {
      await sendJson(exchange, (document ??= describeEndpoints(endpoints.all)), true);
      return undefined;
    },
  );
}
