/** The last moment, in epoch ms: the end of the year 9999, which Postgres and Date both hold. */
export const MAX_TS = 253_402_300_799_999;

/** Limits that both ends of the wire agree on. All are defaults that options may lower. */
export const LIMITS = {
  /** UTF-8 bytes of one encoded event. */
  eventBytes: 64 * 1024,
  /** Attributes of one event. */
  attributes: 128,
  /** UTF-8 bytes of an id (`flow_id`, `session_id`, `user_id`). */
  idBytes: 255,
  /** UTF-8 bytes of a checkpoint's or a flow's name. */
  nameBytes: 255,
  /** Bytes of one WebSocket frame sent by a client. */
  clientFrameBytes: 64 * 1024,
  /** Users that one WebSocket client may subscribe to. */
  subscriptions: 128,
} as const;
