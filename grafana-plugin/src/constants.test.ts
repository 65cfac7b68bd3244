import { monitoringPagePath, sessionDashboardPath } from './constants';

const paramsOf = (path: string) => Object.fromEntries(new URL(path, 'http://x').searchParams);
const ODD = '#h?x&y=1';

describe('sessionDashboardPath', () => {
  it('keeps ids of any letters, and leaves out what is not known', () => {
    const path = sessionDashboardPath({ userId: ODD, sessionId: ' lead', flowId: 'a/b' });
    expect(paramsOf(path)).toEqual({ 'var-user': ODD, 'var-session': ' lead', 'fp-1-flow': 'a/b' });
    expect(paramsOf(sessionDashboardPath({ userId: null, sessionId: 's' }))).toEqual({ 'var-session': 's' });
    const elsewhere = sessionDashboardPath({ userId: null, sessionId: 's', datasourceUid: 'd&1' });
    expect(paramsOf(elsewhere)).toEqual({ 'var-session': 's', 'var-datasource': 'd&1' });
  });
});

describe('monitoringPagePath', () => {
  it('names user and datasource where they are given', () => {
    expect(monitoringPagePath()).toMatch(/^\/a\/[^?]+$/);
    expect(paramsOf(monitoringPagePath(ODD, 'd&1'))).toEqual({ user: ODD, ds: 'd&1' });
    expect(paramsOf(monitoringPagePath(null, 'd'))).toEqual({ ds: 'd' });
  });
});
