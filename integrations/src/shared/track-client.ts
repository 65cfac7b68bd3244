import { ATTRIBUTES } from '@flow-tracking/protocol';
import { IntegrationError } from '../errors';
import { currentFlow } from './current-flow';
import { fieldsOf } from './fields';
import { beginModelCall, type ModelCall } from './model-call';
import type { Operation } from './operation';
import { quietly } from './quietly';
import { trackCall, type TrackedCall } from './tracked-call';

/** The promise that both clients return. */
interface ApiPromise extends Promise<unknown> {
  /** Settles with the headers. `asResponse` will not do: Anthropic's ends the client's own span of the call. */
  readonly responsePromise?: Promise<unknown>;
  asResponse(): Promise<unknown>;
  withResponse(): Promise<unknown>;
  _thenUnwrap(transform: (data: unknown) => unknown): ApiPromise;
}

/** What the clients of OpenAI and Anthropic, which one generator writes, have in common. */
interface ApiClient {
  baseURL: string;
  post(path: string, options?: unknown): ApiPromise;
  /** Called before each attempt, with the options of the call. */
  prepareRequest(request: unknown, context: { options: object }): Promise<void>;
  withOptions(options: unknown): object;
}

/** How a provider's calls are recorded. */
export interface Provider {
  /** Of its client, on npm. */
  readonly package: string;
  /** `gen_ai.provider.name` */
  readonly name: string;
  readonly hasContent: boolean;
  /** What is called by a path; undefined: nothing that is recorded. */
  operation(path: string): Operation | undefined;
}

/** Carries the call in the options, which come back with each attempt. */
const CALL = Symbol('flow-tracking call');
const TRACKED = Symbol.for('@flow-tracking/integrations tracked');

const DEFAULT_PORTS = new Map([
  ['http:', 80],
  ['https:', 443],
]);

function serverOf(baseUrl: string): Record<string, unknown> {
  const url = quietly(() => new URL(baseUrl));
  if (url === undefined) return {};
  return {
    [ATTRIBUTES.serverAddress]: url.hostname,
    [ATTRIBUTES.serverPort]: url.port === '' ? DEFAULT_PORTS.get(url.protocol) : Number(url.port),
  };
}

const ignore = (): void => undefined;

/** Has the promise, and all that the client makes of it, say when the application takes the response to read it itself. */
function watch(promise: ApiPromise, tracked: TrackedCall): ApiPromise {
  const asResponse = promise.asResponse.bind(promise);
  const withResponse = promise.withResponse.bind(promise);
  const thenUnwrap = promise._thenUnwrap.bind(promise);
  let isParsed = false;
  return Object.assign(promise, {
    asResponse() {
      const response = asResponse();
      if (!isParsed)
        response.then(() => {
          tracked.leftToApplication();
        }, ignore);
      return response;
    },
    withResponse() {
      isParsed = true;
      return withResponse();
    },
    _thenUnwrap: (transform: (data: unknown) => unknown) => watch(thenUnwrap(transform), tracked),
  });
}

/** @throws {IntegrationError} `invalid_client` */
function checkClient(client: unknown, provider: Provider): asserts client is ApiClient {
  const given = fieldsOf(client);
  for (const method of ['post', 'prepareRequest', 'withOptions']) {
    if (typeof given[method] === 'function') continue;
    const got = client === null ? 'null' : typeof client;
    throw new IntegrationError(
      'invalid_client',
      `Expected a client of the package ${provider.package}; got ${got} without the method ${method}`,
    );
  }
}

/**
 * Records the calls of a client: of itself, and of those that its `withOptions` makes. Its requests, answers, errors and
 * types stay as they are.
 *
 * @throws {IntegrationError} `invalid_client`
 */
export function trackClient<Client extends object>(given: Client, provider: Provider): Client {
  checkClient(given, provider);
  const client: Client & ApiClient = given;
  if (TRACKED in client) return client;
  const post = client.post.bind(client);
  const prepareRequest = client.prepareRequest.bind(client);
  const withOptions = client.withOptions.bind(client);
  let server: { baseUrl: string; attributes: Record<string, unknown> } | undefined;

  function begin(operation: Operation, body: unknown): ModelCall | undefined {
    const flow = currentFlow();
    if (flow === undefined) return undefined;
    if (server?.baseUrl !== client.baseURL) server = { baseUrl: client.baseURL, attributes: serverOf(client.baseURL) };
    return beginModelCall(flow, {
      [ATTRIBUTES.providerName]: provider.name,
      ...quietly(() => operation.request(body, provider.hasContent)),
      ...server.attributes,
    });
  }

  function tracked(operation: Operation, path: string, options: unknown): ApiPromise {
    const { body, signal } = fieldsOf(options);
    const call = begin(operation, body);
    if (call === undefined) return post(path, options);
    const tracking = trackCall(call, operation, provider.hasContent, signal as AbortSignal | undefined);
    const promise = call.within(() => post(path, { ...fieldsOf(options), [CALL]: call }));
    (promise.responsePromise ?? promise.asResponse()).catch((error: unknown) => {
      tracking.failed(error);
    });
    return watch(
      promise._thenUnwrap((data) => tracking.read(data)),
      tracking,
    );
  }

  return Object.defineProperties(client, {
    [TRACKED]: { value: true },
    post: {
      value: (path: string, options?: unknown) => {
        const operation = provider.operation(path);
        return operation === undefined ? post(path, options) : tracked(operation, path, options);
      },
      configurable: true,
      writable: true,
    },
    prepareRequest: {
      value: (request: unknown, context: { options: object }) => {
        (fieldsOf(context.options) as { [CALL]?: ModelCall })[CALL]?.attempt();
        return prepareRequest(request, context);
      },
      configurable: true,
      writable: true,
    },
    withOptions: {
      value: (options: unknown) => trackClient(withOptions(options), provider),
      configurable: true,
      writable: true,
    },
  });
}
