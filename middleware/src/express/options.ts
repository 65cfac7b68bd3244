import type { Request } from 'express';
import type { Redact } from '../encode/redact';
import type { Logger, LogLevel } from '../record/logger';
import type { RedisOption } from '../redis/clients';

/** All are optional; without any, `REDIS_URL` or the Redis on localhost is used. */
export interface FlowTrackingOptions {
  /**
   * A URL, options of ioredis, or a client of ioredis (which is only duplicated, never used or closed). A list of URLs, or
   * the client of a cluster, is for Redis Cluster.
   *
   * @default REDIS_URL, else 'redis://localhost:6379'
   */
  redis?: RedisOption | undefined;
  /** False: records nothing and opens no connection, with the same API. @default true, unless REDIS_ENABLED=false */
  enabled?: boolean | undefined;
  /** Name of the service in each flow. @default FLOW_SERVICE, else 'app' */
  service?: string | undefined;
  /** Name of the process in each flow. @default host name and process id */
  instance?: string | undefined;
  /** Prefix of everything in Redis, the same as the bridge's. @default FLOW_PREFIX, else 'flow' */
  prefix?: string | undefined;
  /** Number of streams, the same as the bridge's. @default FLOW_PARTITIONS, else 4 */
  partitions?: number | undefined;
  /** The user of a request. It is asked from the first checkpoint on, until it gives one. */
  userId?: ((req: Request) => string | number | null | undefined) | undefined;
  /** The session of a request. It is asked together with the user. @default the flow's own id */
  sessionId?: ((req: Request) => string | number | null | undefined) | undefined;
  /**
   * The trace id of a request: a function that gives it, or `'otel'` for the active span of OpenTelemetry
   * (`@opentelemetry/api` has to be installed), which flows of `startFlow` then have, too. When it gives none, and without
   * the option, it is that of the header `traceparent`.
   */
  traceId?: 'otel' | ((req: Request) => string | null | undefined) | undefined;
  /** The name of a request's flow. @default method and route pattern: 'POST /ask/:id' */
  name?: ((req: Request) => string | undefined) | undefined;
  /** True: the request is not recorded. */
  ignore?: ((req: Request) => boolean) | undefined;
  /**
   * Share of the flows that are recorded, 0 to 1, or a function that gives it for a request (true: 1, false: 0). Flows of a
   * monitored user are always recorded. @default FLOW_SAMPLE, else 1
   */
  sample?: number | ((req: Request) => number | boolean) | undefined;
  /** Ms after which a flow that has not ended ends as `timed_out`. The request goes on. @default never */
  timeoutMs?: number | undefined;
  /** Key paths whose values are replaced, or a function that returns the attributes to keep. */
  redact?: Redact | undefined;
  limits?:
    | {
        /** Most events held in memory. @default 50_000 */
        queueEvents?: number | undefined;
        /** Most bytes of events held in memory. @default 8 MiB */
        queueBytes?: number | undefined;
        /** UTF-8 bytes of one event. @default 65_536 */
        eventBytes?: number | undefined;
        /** Attributes of one event. @default 128 */
        attributes?: number | undefined;
        /** UTF-8 bytes of one attribute's value. @default 16_384 */
        valueBytes?: number | undefined;
        /** Bytes that one stream in Redis takes about, before its oldest entries are trimmed. @default 64 MiB */
        streamBytes?: number | undefined;
      }
    | undefined;
  flush?:
    | {
        /** Most ms that an event of a monitored user waits, and 5 times as long after a write of 100 events. @default 5 */
        liveMs?: number | undefined;
        /** Ms that other events wait. @default 100 */
        idleMs?: number | undefined;
        /** Bytes, about, that are sent at once, without waiting. @default 256 KiB */
        batchBytes?: number | undefined;
      }
    | undefined;
  /** A logger like pino, or a level for the console. Debug logs every event. @default FLOW_LOG_LEVEL, else 'warn' */
  logger?: Logger | LogLevel | undefined;
}

type Full<T> = { readonly [K in keyof T]-?: NonNullable<T[K]> };
type Optional = 'userId' | 'sessionId' | 'traceId' | 'name' | 'ignore' | 'timeoutMs' | 'redact';

/** The options checked, with every default in place. */
export type ResolvedOptions = Full<Omit<FlowTrackingOptions, Optional | 'limits' | 'flush' | 'logger'>> &
  Readonly<Pick<FlowTrackingOptions, Optional>> & {
    readonly limits: Full<NonNullable<FlowTrackingOptions['limits']>>;
    readonly flush: Full<NonNullable<FlowTrackingOptions['flush']>>;
    readonly logger: Logger;
  };
