/** Stable codes of the errors that end the process or an HTTP request. */
export type PreviewErrorCode = 'CONFIG_INVALID' | 'PORT_BUSY' | 'PAGE_NOT_BUILT' | 'PATH_INVALID';

export class PreviewError extends Error {
  constructor(
    readonly code: PreviewErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'PreviewError';
  }
}

/** @returns the `code` of a Node system error, such as `EADDRINUSE` */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
