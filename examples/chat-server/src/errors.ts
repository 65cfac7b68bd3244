/** Stable codes of this server's error answers; decide by code, never by message. */
export type ChatErrorCode =
  | 'invalid_config'
  | 'port_in_use'
  | 'unauthorized'
  | 'user_blocked'
  | 'quota_used_up'
  | 'invalid_json'
  | 'invalid_message'
  | 'not_found'
  | 'tool_failed'
  | 'model_failed'
  | 'internal';

/** An error that the caller is told. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  constructor(
    readonly code: ChatErrorCode,
    readonly httpStatus: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The one shape of an error answer, as JSON or as the data of an `error` event. */
export function toErrorBody({ code, message }: ChatError): { error: { code: ChatErrorCode; message: string } } {
  return { error: { code, message } };
}
