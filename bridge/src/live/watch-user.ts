import { messageOf } from '../errors';
import type { Logger } from '../platform/logger';
import type { LiveHub } from './live-hub';
import type { Viewer } from './viewer';

/** Starts to watch a user; resolves when the snapshot is there. What fails is told to the viewer, and never thrown. */
export async function watchUser(hub: LiveHub, viewer: Viewer, user: string, logger: Logger): Promise<void> {
  try {
    await hub.watch(viewer, user);
  } catch (error) {
    logger.error({ err: error, user }, 'Watching failed');
    const message = `Watching ${JSON.stringify(user)} failed: ${messageOf(error)}`;
    viewer.send({ type: 'error', code: 'internal', message });
  }
}
