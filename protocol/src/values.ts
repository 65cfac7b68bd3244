/** A value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Attributes of a flow or checkpoint; names follow OpenTelemetry where it has one (see `ATTRIBUTES`). */
export type Attributes = { [name: string]: JsonValue };

/** Why a checkpoint or a flow failed. */
export interface ErrorInfo {
  /** Class or code of the error (`TimeoutError`, `ECONNRESET`), the value of OpenTelemetry's `error.type`. */
  type: string;
  /** One sentence for people. */
  message: string;
}
