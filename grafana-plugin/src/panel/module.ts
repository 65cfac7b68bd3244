import { FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { FlowTreePanel } from './FlowTreePanel';
import { FLOW_VIEW_NAMES, FLOW_VIEWS, TREE_DIRECTION_NAMES, TREE_DIRECTIONS, type FlowTreeOptions } from './options';

/** Of a field's standard options only the links have a meaning here: they stand beside the flow that is shown. */
const WITHOUT_MEANING = Object.values(FieldConfigProperty).filter((property) => property !== FieldConfigProperty.Links);

export const plugin = new PanelPlugin<FlowTreeOptions>(FlowTreePanel)
  .setNoPadding()
  .useFieldConfig({ disableStandardOptions: WITHOUT_MEANING })
  .setPanelOptions((builder) =>
    builder
      .addRadio({
        path: 'view',
        name: 'View',
        description: 'The view that the panel opens with',
        defaultValue: 'tree',
        settings: {
          options: FLOW_VIEWS.map((value) => ({ value, label: FLOW_VIEW_NAMES[value] })),
        },
      })
      .addRadio({
        path: 'direction',
        name: 'Direction',
        category: ['Tree'],
        description: 'Where in the tree what follows stands',
        defaultValue: 'right',
        settings: {
          options: TREE_DIRECTIONS.map((value) => ({ value, label: TREE_DIRECTION_NAMES[value] })),
        },
      })
      .addBooleanSwitch({
        path: 'foldSiblings',
        name: 'Fold equal siblings',
        category: ['Tree'],
        description: 'More than ten siblings with the same checkpoint and the same tool or model are one until opened',
        defaultValue: true,
      }),
  );
