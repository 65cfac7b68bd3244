import { dashboard, datasourceVariable, FLOW_PANEL, listVariable, ofField, panel } from './parts.mjs';

export const sessionDetail = dashboard({
  uid: 'flow-session',
  title: 'Session detail',
  description: 'The flows of one session, from history.',
  variables: [
    datasourceVariable,
    listVariable('users', { name: 'user', label: 'User' }),
    listVariable('sessions', { name: 'session', label: 'Session', includeAll: false, user: '$user' }),
  ],
  panels: [
    panel(FLOW_PANEL, {
      id: 1,
      at: [0, 0, 24, 20],
      title: 'Session $session',
      target: { queryType: 'session', session: '$session' },
      options: { view: 'tree' },
      overrides: [
        ofField('user_id', {
          links: [
            {
              title: 'Live flows of this user',
              url: '/d/flow-live/live-flows?var-user=${__value.raw:percentencode}&${datasource:queryparam}&${__url_time_range}',
              targetBlank: false,
            },
          ],
        }),
      ],
    }),
  ],
});
