/** The provisioned datasource, as dashboards name it. */
export const FLOW_SOURCE = { type: 'flowtracking-flows-datasource', uid: 'flow-tracking' } as const;

/**
 * A dashboard with one panel of flows.
 *
 * @param panel what it has otherwise than one that shows a user's flows live
 */
export function panelDashboard(uid: string, panel: Readonly<Record<string, unknown>> = {}) {
  return {
    uid,
    title: uid,
    tags: [],
    schemaVersion: 41,
    time: { from: 'now-1h', to: 'now' },
    templating: { list: [{ type: 'textbox', name: 'user', query: '123' }] },
    panels: [
      {
        id: 1,
        type: 'flowtracking-flowtree-panel',
        title: uid,
        datasource: FLOW_SOURCE,
        gridPos: { x: 0, y: 0, w: 24, h: 20 },
        fieldConfig: { defaults: {}, overrides: [] },
        options: { view: 'tree' },
        targets: [{ refId: 'A', datasource: FLOW_SOURCE, queryType: 'live', select: 'user', user: '$user' }],
        ...panel,
      },
    ],
  };
}
