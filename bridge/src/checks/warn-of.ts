import { messageOf } from '../errors';
import type { Logger } from '../platform/logger';

/** Logs what checks find wrong, whenever they are done. */
export type WarnOf = (check: Promise<string[]>) => void;

export function createWarner(logger: Logger): WarnOf {
  return (check) => {
    check.then(
      (warnings) => warnings.forEach((warning) => logger.warn(warning)),
      (error: unknown) => logger.info({ reason: messageOf(error) }, 'Settings of the servers not checked'),
    );
  };
}
