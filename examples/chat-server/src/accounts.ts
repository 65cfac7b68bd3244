import { ChatError } from './errors';
import { pause } from './pause';

const TOKEN = /^Bearer demo-([\w.@-]{1,64})$/;

/**
 * The demo's authentication: `Bearer demo-123` is user 123.
 *
 * @throws {ChatError} `unauthorized`
 */
export async function authenticate(authorization: string | undefined): Promise<string> {
  await pause(15);
  const userId = TOKEN.exec(authorization ?? '')?.[1];
  if (userId === undefined) {
    throw new ChatError('unauthorized', 401, 'Send "Authorization: Bearer demo-<user>", for example demo-123');
  }
  return userId;
}

/** Whether the user is barred; the demo bars `blocked`. */
export async function isBlocked(userId: string): Promise<boolean> {
  await pause(25);
  return userId === 'blocked';
}

/** Tokens that the user may still use today; the demo's user `broke` has none. */
export async function tokensLeft(userId: string): Promise<number> {
  await pause(40);
  return userId === 'broke' ? 0 : 48_200;
}
