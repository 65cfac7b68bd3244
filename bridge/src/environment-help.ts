/** What each variable is, for `--help`. */
export const ENVIRONMENT_HELP = `
  REDIS_URL                     Redis or Valkey >= 6.2;                        redis://127.0.0.1:6379
                                  nodes of a cluster (>= 7) by comma
  REDIS_SENTINELS               host:port of sentinels, by comma               none
  REDIS_SENTINEL_NAME           their name of the primary                      mymaster
  REDIS_SENTINEL_PASSWORD       password of the sentinels                      none
  DATABASE_URL                  Postgres >= 14                                 postgres://127.0.0.1:5432/postgres
  DATABASE_READ_URL             a replica that the API reads from              none: DATABASE_URL
  FLOW_PREFIX                   prefix of every Redis key                      flow
  FLOW_PARTITIONS               streams; as many as the middleware has         4
  FLOW_DEAD_LETTER_BYTES        bytes of refused events that Redis keeps       16777216
  FLOW_RETENTION_DAYS           days that history is kept; 0: for ever         90
  FLOW_STALLED_AFTER_S          seconds of silence that make a flow stalled    60
  FLOW_LOST_AFTER_S             the same that make it lost, if its process     3600
                                  sends no heartbeat either

  FLOW_BRIDGE_HOST              address to listen on                           127.0.0.1
  FLOW_BRIDGE_PORT              port to listen on                              8090
  FLOW_READ_TOKENS              tokens that may read, by comma                 none: loopback only, none is asked
  FLOW_CONTROL_TOKENS           tokens that may also change things, by comma   none
  FLOW_WRITE_TOKENS             tokens that may send spans to /v1/traces       none
  FLOW_READ_TOKENS_FILE         more of them, one a line, # for comments;      none
  FLOW_CONTROL_TOKENS_FILE        read again when the file changes             none
  FLOW_WRITE_TOKENS_FILE        more write tokens, in the same way             none
  FLOW_CONTROL_RATE_PER_MINUTE  changes a minute, by token                     60
  FLOW_EXPORTS_AT_ONCE          exports at once; half of them by one token     6
  FLOW_READER_IDLE_S            seconds after which an answer that nobody      30
                                  reads is cut off
  FLOW_ALLOWED_ORIGINS          browser origins let in, by comma               none
  FLOW_METRICS_OPEN             true: /metrics asks for no token               false
  FLOW_OTLP_ENDPOINT            collector that finished flows are sent to as   none
                                  spans, by OTLP/HTTP: http://host:4318
  FLOW_OTLP_HEADERS             name=value of its headers, by comma            none
  FLOW_OTLP_FORWARD_SPANS       true: also flows that came as spans            false
  FLOW_DRAIN_S                  seconds of /readyz at 503 before a stop        0

  FLOW_OTLP_MAX_BYTES           bytes of one request to /v1/traces, unpacked   16777216
  FLOW_OTLP_MEMORY_S            seconds a trace is remembered after its last   3600
                                  span
  FLOW_OTLP_STREAM_BYTES        bytes that a stream is trimmed to when spans   67108864
                                  are written; the middleware has its own
  FLOW_OTLP_USER_ATTRIBUTES     attributes of spans that tell the user         user.id,enduser.id
  FLOW_OTLP_SESSION_ATTRIBUTES  and the session, by comma                      session.id,
                                                                                 gen_ai.conversation.id

  LOG_LEVEL                     fatal, error, warn, info, debug, trace, silent info
  LOG_FORMAT                    json or pretty                                 json
`;
