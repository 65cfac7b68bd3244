/** What the person at the terminal has to know or do. Shown as it is, without a stack. */
export class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}

/** The run ends because it was asked to, not because something is wrong. */
export class StopRequest extends SetupError {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Stopped by ${signal}.`);
    this.name = 'StopRequest';
  }
}

/**
 * Prints why a script ends: a message for what was foreseen, a stack for what was not.
 *
 * @param {unknown} error
 */
export function printFailure(error) {
  const text =
    error instanceof SetupError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`\n✖ ${text}\n`);
}
