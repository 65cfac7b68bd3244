/** What an integration can not work with. Thrown where it is set up, never where it records. */
export type IntegrationErrorCode = 'invalid_client';

export class IntegrationError extends Error {
  override readonly name = 'IntegrationError';

  constructor(
    readonly code: IntegrationErrorCode,
    message: string,
  ) {
    super(message);
  }
}
