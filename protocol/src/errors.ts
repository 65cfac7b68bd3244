/** What a parser of this package found wrong. Stable codes; decide by code, never by message. */
export type ParseErrorCode = 'invalid_json' | 'unknown_type' | 'invalid_field';

/** Thrown by the parsers; `message` says field, expected and got. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
  constructor(
    readonly code: ParseErrorCode,
    message: string,
  ) {
    super(message);
  }
}
