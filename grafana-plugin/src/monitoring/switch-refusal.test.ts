import { switchRefusal } from './switch-refusal';

describe('switchRefusal', () => {
  it.each([{ orgRole: 'Editor' }, { orgRole: 'Admin' }, { orgRole: 'Viewer', isGrafanaAdmin: true }])(
    'lets %j switch',
    (user) => {
      expect(switchRefusal(user)).toBeNull();
    },
  );

  it.each([{ orgRole: 'Viewer' }, { orgRole: 'None' }, { orgRole: '' }, {}])('tells %j why not', (user) => {
    expect(switchRefusal(user)).toBe('Only Editors and Admins of Grafana can switch monitoring.');
  });
});
