import { ParseError, parseServerFrame, type ServerFrame } from '@flow-tracking/protocol';
import { t } from '../texts/t';
import { versionProblem } from './version-problem';

/** One way to the bridge, from its opening to its end: a WebSocket, or polls over HTTP. It does not come back by itself. */
export interface LiveLink {
  /** Watches exactly these users from now on. */
  update(users: ReadonlySet<string>): void;
  /** Ends it; it tells nothing more. */
  close(): void;
}

/** What a link tells. */
export interface LinkEvents {
  /** The bridge said something, if only that there is nothing. */
  heard(): void;
  frame(frame: ServerFrame): void;
  /** What happens from now on comes here. */
  live(): void;
  /** It is open, and the bridge does not answer. */
  silent(): void;
  ended(end: LinkEnd): void;
}

export interface LinkEnd {
  /** In words for people. */
  readonly reason: string;
  /** `refused`: it was never open; `silent`: given up; `final`: trying again changes nothing. */
  readonly how: 'refused' | 'closed' | 'silent' | 'final';
}

export const SILENT = t('connection.silent');

/** Reads what a bridge sends. A frame of a newer one, or garbage, is left out: the next may be fine, and what is missed shows as a hole. */
export function readFrame(text: string): ServerFrame | null {
  try {
    return parseServerFrame(text);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/** Why this plugin can't go on with that bridge; null when it can. */
export function foreignProtocol(frame: ServerFrame): LinkEnd | null {
  if (frame.type !== 'hello') return null;
  const problem = versionProblem(frame.protocol);
  return problem === null ? null : { reason: t('connection.foreign', { ...problem }), how: 'final' };
}

/** Tells that not all users are watched, as the bridge would. */
export function tooManyUsers(wanted: number, given: number): ServerFrame {
  const message = t('connection.too-many-users', { wanted, given });
  return { type: 'error', code: 'too_many_subscriptions', message };
}
