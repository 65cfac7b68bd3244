import type { CheckpointEventStatus } from '@flow-tracking/protocol';
import { checkpointNameText } from './event-text';
import { createNameText } from './json-text';

/** By status, a function from a checkpoint's name to the text of both. */
export function createCheckpointNames(): Readonly<Record<CheckpointEventStatus, (name: unknown) => string>> {
  const withStatus = (status: CheckpointEventStatus): ((name: unknown) => string) =>
    createNameText('unnamed', (name) => checkpointNameText(name, status));
  return { running: withStatus('running'), ok: withStatus('ok'), error: withStatus('error') };
}
