import type { FlowFrameMeta } from '../frames/meta';
import { connectionText, emptyText, monitoringText } from './status-text';

const NOW = 1_760_000_000_000;
const meta = (changes: Partial<FlowFrameMeta> = {}, userId: string | null = '123'): FlowFrameMeta => ({
  kind: 'flow-tracking',
  mode: 'live',
  target: userId === null ? { select: 'everyone', ids: [] } : { select: 'user', ids: [userId] },
  ready: true,
  connection: { state: 'live', reason: null },
  monitoring: [],
  clockOffsetMs: 0,
  lastEventTs: null,
  revision: 1,
  ...changes,
});
const grant = { userId: '123', enabled: true, expiresTs: NOW + 42 * 60_000 };

describe('monitoringText', () => {
  it('says whether monitoring is on and for how long', () => {
    expect(monitoringText(meta({ monitoring: [grant] }), NOW)).toEqual({
      on: true,
      text: 'Monitoring on · 42 min left',
    });
    expect(monitoringText(meta(), NOW)).toEqual({ on: false, text: 'Monitoring off' });
    expect(monitoringText(meta({ monitoring: [grant] }), NOW + 3_600_000)?.on).toBe(false);
    expect(monitoringText(meta({ monitoring: [grant] }, null), NOW)?.text).toBe('1 user monitored');
    expect(monitoringText(meta({ ready: false }), NOW)).toBeNull();
  });
});

describe('connectionText', () => {
  it('says the state and the reason, and History where there is no connection', () => {
    const connection = { state: 'offline', reason: 'gone' } as const;
    expect(connectionText(meta({ connection }))).toEqual({ state: 'offline', text: 'Offline', reason: 'gone' });
    expect(connectionText(meta({ mode: 'history', connection: null })).state).toBe('history');
  });
});

describe('connectionText, over HTTP', () => {
  it('is live, and says why it is no WebSocket', () => {
    const refused = connectionText(meta({ connection: { state: 'live', reason: null, overHttp: 'refused' } }));
    expect(refused).toMatchObject({ state: 'live', text: 'Live over HTTP' });
    expect(refused.reason).toMatch(/refused on the way.*nginx/);
    const silent = connectionText(meta({ connection: { state: 'live', reason: null, overHttp: 'silent' } }));
    expect(silent.reason).toMatch(/^Nothing comes over the WebSocket/);
  });

  it('says what is wrong where it is not live', () => {
    const connection = { state: 'stale', reason: 'No answer at all', overHttp: 'refused' } as const;
    expect(connectionText(meta({ connection }))).toEqual({
      state: 'stale',
      text: 'No answer',
      reason: 'No answer at all',
    });
  });
});

describe('emptyText', () => {
  it('says what is missing and what to do', () => {
    expect(emptyText(null, NOW).hint).toMatch(/Choose the datasource/);
    expect(emptyText(meta(), NOW)).toMatchObject({ title: 'No flows of user 123 yet', monitoringOf: '123' });
    expect(emptyText(meta({ monitoring: [grant] }), NOW).title).toBe('Waiting for the first request of user 123');
    expect(emptyText(meta({}, null), NOW)).toMatchObject({ title: 'Nobody is monitored', monitoringOf: null });
    expect(emptyText(meta({ ready: false, connection: { state: 'connecting', reason: null } }), NOW).title).toMatch(
      /^Conn/,
    );
    const away = meta({ ready: false, connection: { state: 'offline', reason: 'The bridge is away' } });
    expect(emptyText(away, NOW)).toEqual({ title: 'Offline', hint: 'The bridge is away' });
    const session = meta({ mode: 'history', target: { select: 'session', ids: ['s9'] } });
    expect(emptyText(session, NOW).title).toBe('No session s9 in history');
  });

  it.each([
    ['user', 'live', 'No user is chosen'],
    ['session', 'history', 'No session is chosen'],
    ['flow', 'history', 'No flow is chosen'],
  ] as const)('says that no %s is chosen', (select, mode, title) => {
    const nothing = meta({ mode, target: { select, ids: [] }, connection: null });
    expect(emptyText(nothing, NOW).title).toBe(title);
    expect(monitoringText(nothing, NOW)).toBeNull();
  });

  it('names several users by their number', () => {
    const target = { select: 'user', ids: ['a', 'b'] } as const;
    expect(emptyText(meta({ target }), NOW).title).toBe('No flows of these 2 users yet');
    expect(emptyText(meta({ mode: 'history', target }), NOW).title).toMatch('No flows of these 2 users in this');
  });
});
