import { dashboard, DATASOURCE, datasourceVariable, FLOW_PANEL, listVariable, ofField, panel } from './parts.mjs';

export const liveFlows = dashboard({
  uid: 'flow-live',
  title: 'Live flows',
  description: 'The flows of one user, or of all monitored users, as they happen. Monitoring must be on for the user.',
  variables: [datasourceVariable, listVariable('users', { name: 'user', label: 'User' })],
  panels: [
    panel(FLOW_PANEL, {
      id: 1,
      at: [0, 0, 24, 20],
      title: 'Live flows of user $user',
      datasource: DATASOURCE,
      target: { queryType: 'live', select: 'user', user: '$user' },
      options: { view: 'tree' },
      overrides: [
        ofField('session_id', {
          links: [
            {
              title: 'Session detail',
              url: '/d/flow-session/session-detail?var-user=${__data.fields.user_id:percentencode}&var-session=${__value.raw:percentencode}&${datasource:queryparam}&${__url_time_range}',
              targetBlank: false,
            },
          ],
        }),
      ],
    }),
  ],
});
