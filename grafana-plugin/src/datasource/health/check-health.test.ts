import { PROTOCOL_VERSION } from '@flow-tracking/protocol';
import { checkHealth, type HealthApi } from './check-health';
import type { SocketOutcome } from './try-socket';

const well: HealthApi = {
  health: () => Promise.resolve({ protocol: PROTOCOL_VERSION }),
  ready: () => Promise.resolve({ checks: { postgres: 'ok', redis: 'ok', history: 'ok' } }),
  users: () => Promise.resolve({ users: [{ user_id: 'a', last_flow_ts: 1, flow_count: 1 }], has_more: false }),
};
const check = (api: Partial<HealthApi>, outcome: SocketOutcome = 'open') =>
  checkHealth({ ...well, ...api }, () => Promise.resolve(outcome));
const fails = (message: string) => () => Promise.reject(new Error(message));

describe('checkHealth', () => {
  it('succeeds when everything works', async () => {
    expect(await check({})).toEqual({ status: 'success', message: expect.stringContaining('1 user had flows') });
  });

  it.each<[string, Partial<HealthApi>, SocketOutcome, string, RegExp]>([
    ['a bridge that is down', { health: fails('The bridge does not answer.') }, 'open', 'error', /does not answer/],
    ['something that is no bridge', { health: () => Promise.resolve({}) }, 'open', 'error', /no bridge.*update/],
    [
      'an older bridge',
      { health: () => Promise.resolve({ protocol: 0 }) },
      'open',
      'error',
      /older\. Update the bridge/,
    ],
    [
      'a newer bridge',
      { health: () => Promise.resolve({ protocol: 99 }) },
      'open',
      'error',
      /newer\. Update the plugin/,
    ],
    [
      'no Postgres',
      { ready: () => Promise.resolve({ checks: { postgres: 'ECONNREFUSED', redis: 'ok' } }) },
      'open',
      'error',
      /Postgres \(ECONNREFUSED\).*DATABASE_URL/,
    ],
    [
      'no Redis',
      { ready: () => Promise.resolve({ checks: { postgres: 'ok', redis: 'no answer in 2500 ms' } }) },
      'open',
      'error',
      /Redis \(no answer in 2500 ms\).*REDIS_URL/,
    ],
    ['a wrong token', { users: fails('The bridge refused the token.') }, 'open', 'error', /refused the token/],
    ['a WebSocket that is refused', {}, 'refused', 'warning', /refused on the way.*upgrade/],
    ['a WebSocket without a frame', {}, 'silent', 'warning', /within 5 s/],
  ])('tells %s', async (_what, api, outcome, status, message) => {
    expect(await check(api, outcome)).toEqual({ status, message: expect.stringMatching(message) });
  });
});
