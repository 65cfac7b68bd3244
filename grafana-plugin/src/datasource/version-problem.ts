import { PROTOCOL_VERSION } from '@flow-tracking/protocol';
import { t } from '../texts/t';

/** Bridge and plugin do not fit together; in words for people. */
export interface VersionProblem {
  readonly found: string;
  /** Which of the two to update. */
  readonly fix: string;
}

/**
 * Null when the bridge speaks this plugin's version of the protocol.
 *
 * @param theirs undefined when what answers tells none
 */
export function versionProblem(theirs: number | undefined): VersionProblem | null {
  if (theirs === undefined) return { found: t('versions.unknown'), fix: t('versions.unknown-fix') };
  const versions = { own: PROTOCOL_VERSION, theirs };
  if (theirs < PROTOCOL_VERSION) {
    return { found: t('versions.older-bridge', versions), fix: t('versions.older-bridge-fix') };
  }
  if (theirs > PROTOCOL_VERSION) {
    return { found: t('versions.newer-bridge', versions), fix: t('versions.newer-bridge-fix') };
  }
  return null;
}
