import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BridgeError } from '../errors';

/** `read`: flows and grants; `control`: also switching monitoring. */
export type Scope = 'read' | 'control';

/** Who may come in. All checks throw {@link BridgeError} and say what is missing. */
export interface Doors {
  /** Refuses pages of other origins, and without tokens also names that resolve here by DNS rebinding. */
  checkSource(headers: IncomingHttpHeaders): void;
  /** Refuses callers without a token of that scope. */
  authorize(headers: IncomingHttpHeaders, scope: Scope): void;
}

const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Tokens as digests: equal lengths, so that the comparison takes the same time whatever was sent. */
function createMatcher(tokens: readonly string[]): (token: string) => boolean {
  const digests = tokens.map(digest);
  return (token) => {
    const given = digest(token);
    let matched = false;
    for (const known of digests) matched = timingSafeEqual(known, given) || matched;
    return matched;
  };
}

export function createDoors(options: {
  readTokens: readonly string[];
  controlTokens: readonly string[];
  allowedOrigins: readonly string[];
}): Doors {
  const { readTokens, controlTokens, allowedOrigins } = options;
  const open = readTokens.length === 0 && controlTokens.length === 0;
  const mayControl = createMatcher(controlTokens);
  const mayRead = createMatcher([...readTokens, ...controlTokens]);

  return {
    checkSource(headers) {
      const { origin, host } = headers;
      if (origin !== undefined && !allowedOrigins.includes(origin)) {
        throw new BridgeError(
          'origin_refused',
          403,
          `Origin ${JSON.stringify(origin)} is not in FLOW_ALLOWED_ORIGINS; Grafana reaches the bridge through its proxy`,
        );
      }
      if (open && !LOOPBACK_HOST.test(host ?? '')) {
        throw new BridgeError(
          'host_refused',
          403,
          `Host must be localhost while no tokens are set, got ${JSON.stringify(host)}`,
        );
      }
    },
    authorize(headers, scope) {
      if (open) return;
      const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
      if (token === undefined) {
        throw new BridgeError('unauthorized', 401, `Send a ${scope} token as "Authorization: Bearer <token>"`);
      }
      if (scope === 'control' ? mayControl(token) : mayRead(token)) return;
      if (scope === 'control' && mayRead(token)) {
        throw new BridgeError('forbidden', 403, 'This token may read; switching monitoring takes a control token');
      }
      throw new BridgeError('unauthorized', 401, 'The token is not known');
    },
  };
}
