import { FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { FlowTreePanel } from './FlowTreePanel';
import { FLOW_VIEW_NAMES, FLOW_VIEWS, type FlowTreeOptions } from './options';

/** Of a field's standard options only the links have a meaning here: they stand beside the flow that is shown. */
const WITHOUT_MEANING = Object.values(FieldConfigProperty).filter((property) => property !== FieldConfigProperty.Links);

export const plugin = new PanelPlugin<FlowTreeOptions>(FlowTreePanel)
  .setNoPadding()
  .useFieldConfig({ disableStandardOptions: WITHOUT_MEANING })
  .setPanelOptions((builder) =>
    builder.addRadio({
      path: 'view',
      name: 'View',
      description: 'The view that the panel opens with',
      defaultValue: 'tree',
      settings: {
        options: FLOW_VIEWS.map((value) => ({ value, label: FLOW_VIEW_NAMES[value] })),
      },
    }),
  );
