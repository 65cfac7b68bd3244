import type { AttributesInput } from '@flow-tracking/express';

/** What an answer tells. */
export interface Answer {
  readonly attributes: AttributesInput;
  /** Of an answer that says that it failed; wrapped, since an error may be anything. */
  readonly failure?: { readonly error: unknown };
}

/** Reads the chunks of one stream. */
export interface StreamReader {
  /** @returns whether the chunk has a piece of the answer in it */
  read(chunk: unknown): boolean;
  /** What the chunks that were read tell. */
  answer(): Answer;
}

/** A kind of call, as its provider writes it. What its functions are given was checked by nobody, and they may throw. */
export interface Operation {
  /** What the request tells. */
  request(body: unknown, hasContent: boolean): AttributesInput;
  answer(data: unknown, hasContent: boolean): Answer;
  stream(hasContent: boolean): StreamReader;
  /** What is recorded of an error that the client throws. Absent: the error itself. */
  failure?(error: unknown): unknown;
}
