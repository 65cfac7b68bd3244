import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ipKeyGenerator } from 'express-rate-limit';
import { BridgeError } from '../errors';
import { createGuessLimit } from './guess-limit';
import type { Tokens } from './token-files';
import { countTokens, type TokenCounts } from './token-strength';

/** `read`: flows and grants; `control`: also switching monitoring; `write`: sending spans, and nothing else. */
export type Scope = 'read' | 'control' | 'write';

/** Wrong tokens that one address may send in a minute. */
const WRONG_TOKENS_PER_MINUTE = 30;

/** What is looked at of a request, be it HTTP's or an upgrade. */
export interface Caller {
  headers: IncomingHttpHeaders;
  socket: { remoteAddress?: string | undefined };
}

/** Who may come in. All checks throw {@link BridgeError} and say what is missing. */
export interface Access {
  /** Refuses pages of other origins, and without tokens also names that resolve here by DNS rebinding. */
  checkSource(headers: IncomingHttpHeaders): void;
  /**
   * Refuses callers without a token of that scope, and those that try many. Gives what tells callers apart: the token's
   * digest, or the address where no tokens are asked for.
   */
  authorize(caller: Caller, scope: Scope): string;
  /** Takes other tokens from now on. Whether a token is asked for at all was decided at the start. */
  setTokens(tokens: Tokens): void;
  /** Of the tokens that are taken now. */
  tokenCounts(): TokenCounts;
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

export function createAccess(options: { tokens: Tokens; allowedOrigins: readonly string[] }): Access {
  const { allowedOrigins } = options;
  let tokens = options.tokens;
  const open = tokens.read.length === 0 && tokens.control.length === 0;
  let mayControl = createMatcher(tokens.control);
  let mayRead = createMatcher([...tokens.read, ...tokens.control]);
  let mayWrite = createMatcher(tokens.write);
  const isOpen = (scope: Scope): boolean => open && (scope !== 'write' || tokens.write.length === 0);
  const isKnown = (token: string): boolean => [mayRead(token), mayWrite(token)].includes(true);
  const startCounting = () => createGuessLimit({ failuresPerMinute: WRONG_TOKENS_PER_MINUTE });
  let guesses = startCounting();

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
    authorize({ headers, socket }, scope) {
      const address = socket.remoteAddress ?? '';
      if (isOpen(scope)) return ipKeyGenerator(address);
      const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
      if (token === undefined) {
        throw new BridgeError('unauthorized', 401, `Send a ${scope} token as "Authorization: Bearer <token>"`);
      }
      const fingerprint = digest(token).toString('base64');
      const waitS = guesses.waitS(address, fingerprint);
      if (waitS > 0) {
        throw new BridgeError('rate_limited', 429, `Too many wrong tokens came from here; try again in ${waitS} s`, {
          retryAfterS: waitS,
        });
      }
      if (!isKnown(token)) {
        guesses.failed(address);
        throw new BridgeError('unauthorized', 401, 'The token is not known');
      }
      guesses.succeeded(address, fingerprint);
      if (scope === 'control' && !mayControl(token)) {
        throw new BridgeError('forbidden', 403, 'This token may change nothing; changes take a control token');
      }
      if (scope === 'read' && !mayRead(token)) {
        throw new BridgeError('forbidden', 403, 'This token may send spans; reading takes a read token');
      }
      if (scope === 'write' && !mayWrite(token)) {
        throw new BridgeError('forbidden', 403, 'This token is for reading; spans take a token of FLOW_WRITE_TOKENS');
      }
      return fingerprint;
    },
    setTokens(next) {
      tokens = next;
      mayControl = createMatcher(next.control);
      mayRead = createMatcher([...next.read, ...next.control]);
      mayWrite = createMatcher(next.write);
      // Who was given a new token before it was known here has failed with it, and must not wait now.
      guesses = startCounting();
    },
    tokenCounts: () => countTokens(tokens),
  };
}
