import { AppEvents } from '@grafana/data';
import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { lastValueFrom, Observable } from 'rxjs';
import { appEvents } from './app-events';
import { messageOf } from './message-of';

interface Decoded {
  response: Response;
  data: unknown;
}

/** Grafana's HTTP client: fetch, with its request options, error shape and alerts. */
export function createBackendSrv(): BackendSrv {
  const running = new Map<string, AbortController>();

  const fetchOnce = <T>(request: BackendSrvRequest): Observable<FetchResponse<T>> =>
    new Observable((subscriber) => {
      const controller = new AbortController();
      const { requestId, abortSignal } = request;
      // A second request of the same id replaces the first.
      if (requestId) {
        running.get(requestId)?.abort();
        running.set(requestId, controller);
      }
      const abort = (): void => controller.abort();
      abortSignal?.addEventListener('abort', abort);

      send(request, controller.signal)
        .then(({ response, data }) => {
          if (!response.ok) throw toFetchError(request, response, data);
          subscriber.next(toFetchResponse<T>(request, response, data));
          subscriber.complete();
        })
        .catch((error: unknown) => {
          const cancelled = controller.signal.aborted;
          const failure = isFailure(error) ? error : toNetworkError(request, error, cancelled);
          if (!cancelled) announce(request, failure);
          subscriber.error(failure);
        });

      return () => {
        abortSignal?.removeEventListener('abort', abort);
        if (requestId && running.get(requestId) === controller) running.delete(requestId);
        controller.abort();
      };
    });

  const dataOf = async <T>(request: BackendSrvRequest): Promise<T> => (await lastValueFrom(fetchOnce<T>(request))).data;
  const sendBody = (method: string) => (url: string, data?: unknown, options?: Partial<BackendSrvRequest>) =>
    dataOf<never>({ ...options, method, url, data });

  return {
    fetch: fetchOnce,
    request: dataOf,
    datasourceRequest: (request) => lastValueFrom(fetchOnce<never>(request)),
    get: (url, params: BackendSrvRequest['params'], requestId, options) =>
      dataOf<never>({ ...options, method: 'GET', url, params, requestId }),
    post: sendBody('POST'),
    put: sendBody('PUT'),
    patch: sendBody('PATCH'),
    delete: sendBody('DELETE'),
    chunked: fetchChunks,
  };
}

async function send(request: BackendSrvRequest, signal: AbortSignal): Promise<Decoded> {
  const response = await fetch(toUrl(request), toInit(request, signal));
  switch (request.responseType) {
    case 'arraybuffer':
      return { response, data: await response.arrayBuffer() };
    case 'blob':
      return { response, data: await response.blob() };
    case 'text':
      return { response, data: await response.text() };
    default:
      return { response, data: parseJson(await response.text()) };
  }
}

function fetchChunks(request: BackendSrvRequest): Observable<FetchResponse<Uint8Array | undefined>> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      const response = await fetch(toUrl(request), toInit(request, controller.signal));
      if (!response.ok) throw toFetchError(request, response, parseJson(await response.text()));
      const reader = response.body?.getReader();
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        subscriber.next(toFetchResponse(request, response, part.value));
      }
      subscriber.complete();
    };
    read().catch((error: unknown) => subscriber.error(error));
    return () => controller.abort();
  });
}

/** Adds `params`, and makes `api/…` absolute, as plugins write it. */
function toUrl({ url, params }: BackendSrvRequest): string {
  const absolute = /^(https?:)?\//.test(url) ? url : `/${url}`;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const item of [value].flat()) if (item !== undefined && item !== null) query.append(name, String(item));
  }
  const text = query.toString();
  return text ? `${absolute}${absolute.includes('?') ? '&' : '?'}${text}` : absolute;
}

function toInit({ method, headers, data, credentials }: BackendSrvRequest, signal: AbortSignal): RequestInit {
  const isText = typeof data === 'string' || data instanceof Blob || data instanceof FormData;
  const hasBody = data !== undefined && data !== null && method !== 'GET' && method !== 'HEAD';
  const type: Record<string, string> = hasBody && !isText ? { 'content-type': 'application/json' } : {};
  return {
    method: method ?? 'GET',
    headers: { accept: 'application/json, text/plain, */*', ...type, ...headers },
    ...(hasBody && { body: isText ? (data as BodyInit) : JSON.stringify(data) }),
    credentials: credentials ?? 'same-origin',
    signal,
  };
}

function parseJson(text: string): unknown {
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return text;
  }
}

function toFetchResponse<T>(config: BackendSrvRequest, response: Response, data: unknown): FetchResponse<T> {
  const { status, statusText, ok, headers, redirected, type, url } = response;
  return { data: data as T, status, statusText, ok, headers, redirected, type, url, config };
}

function toFetchError(config: BackendSrvRequest, response: Response, data: unknown): FetchError {
  const body =
    data !== null && typeof data === 'object'
      ? data
      : { message: typeof data === 'string' && data !== '' ? data : response.statusText };
  return { status: response.status, statusText: response.statusText, data: body, config };
}

function toNetworkError(config: BackendSrvRequest, error: unknown, cancelled: boolean): FetchError {
  const message = error instanceof Error ? error.message : String(error);
  return { status: 0, statusText: cancelled ? 'Request was aborted' : message, data: { message }, cancelled, config };
}

function isFailure(error: unknown): error is FetchError {
  return error !== null && typeof error === 'object' && 'status' in error && 'config' in error;
}

/** Like Grafana: an error is shown unless the caller said that it shows it itself. */
function announce({ showErrorAlert, url }: BackendSrvRequest, error: FetchError): void {
  if (showErrorAlert === false || url.includes('/api/datasources/proxy/')) return;
  appEvents.publish({ type: AppEvents.alertError.name, payload: [messageOf(error)] });
}
