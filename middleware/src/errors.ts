/** Stable codes of what this package throws; decide by code, never by message. */
export type FlowTrackingErrorCode = 'invalid_option' | 'unsupported_client';

/**
 * Thrown by `flowTracking()` while the application starts, for options that cannot work. Nothing of this package throws
 * after that.
 */
export class FlowTrackingError extends Error {
  override readonly name = 'FlowTrackingError';
  constructor(
    readonly code: FlowTrackingErrorCode,
    message: string,
  ) {
    super(message);
  }
}
