import type { FlowFrameMeta } from '../../frames/meta';
import { monitoredUser, userMonitoring, type FormatTime } from './user-monitoring';

const NOW = Date.parse('2025-10-09T08:53:20Z');
const grant = { userId: '123', enabled: true, expiresTs: NOW + 42 * 60_000 };
const utc: FormatTime = (ts, format) => {
  const [day = '', time = ''] = new Date(ts).toISOString().split('T');
  return format.replace('YYYY-MM-DD', day).replace('HH:mm', time.slice(0, 5));
};

const asked = (target: FlowFrameMeta['target']) => ({ target }) as FlowFrameMeta;

describe('monitoredUser', () => {
  it('is the user that was asked for, whoever the flow is of', () => {
    const meta = asked({ select: 'user', ids: ['123'] });
    expect(monitoredUser(meta, null)).toEqual({ userId: '123', isOfFlow: false });
    expect(monitoredUser(meta, { userId: 'x' })).toEqual({ userId: '123', isOfFlow: false });
  });

  it.each([
    { select: 'everyone', ids: [] },
    { select: 'user', ids: ['a', 'b'] },
  ] as const)('is the user of the flow that is shown when %j is asked for', (target) => {
    expect(monitoredUser(asked(target), { userId: 'b' })).toEqual({ userId: 'b', isOfFlow: true });
    expect(monitoredUser(asked(target), { userId: null })).toBeNull();
    expect(monitoredUser(asked(target), null)).toBeNull();
  });
});

describe('userMonitoring', () => {
  const of = (nowTs: number, userId = '123') => userMonitoring({ monitoring: [grant] }, userId, nowTs, utc);

  it('says whose it is, how long it lasts and until when', () => {
    expect(of(NOW)).toEqual({
      on: true,
      expiresTs: grant.expiresTs,
      sentence: 'On for user 123, 42 min left, until 09:35.',
    });
  });

  it('names the day when that is another one', () => {
    expect(of(NOW - 24 * 3_600_000).sentence).toBe('On for user 123, 24 h 42 min left, until 2025-10-09 09:35.');
  });

  it('is off for anyone else, and once it has expired', () => {
    expect(of(NOW, '124')).toMatchObject({ on: false, expiresTs: null });
    expect(of(grant.expiresTs).sentence).toMatch(/^Off for user 123/);
  });
});
