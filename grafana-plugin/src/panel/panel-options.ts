import type { PanelOptionsEditorBuilder } from '@grafana/data';
import {
  DEFAULT_OPTIONS,
  FLOW_VIEW_NAMES,
  FLOW_VIEWS,
  RAIL_MODE_NAMES,
  RAIL_MODES,
  TREE_DIRECTION_NAMES,
  TREE_DIRECTIONS,
  type FlowTreeOptions,
} from './options';

const VIEW = ['View'];
const TREE = ['Tree'];
const RAIL = ['Rail'];

/** What the panel's editor offers. */
export function addPanelOptions(builder: PanelOptionsEditorBuilder<FlowTreeOptions>): void {
  builder
    .addRadio({
      path: 'view',
      name: 'Opening view',
      description: 'The view that the panel opens with',
      category: VIEW,
      defaultValue: DEFAULT_OPTIONS.view,
      settings: { options: FLOW_VIEWS.map((value) => ({ value, label: FLOW_VIEW_NAMES[value] })) },
    })
    .addBooleanSwitch({
      path: 'follow',
      name: 'Follow new flows',
      description:
        'The panel moves on to each new flow until somebody acts. Otherwise it stays with the first one it shows.',
      category: VIEW,
      defaultValue: DEFAULT_OPTIONS.follow,
    })
    .addRadio({
      path: 'direction',
      name: 'Direction',
      description: 'Where in the tree what follows stands',
      category: TREE,
      defaultValue: DEFAULT_OPTIONS.direction,
      settings: { options: TREE_DIRECTIONS.map((value) => ({ value, label: TREE_DIRECTION_NAMES[value] })) },
    })
    .addBooleanSwitch({
      path: 'foldSiblings',
      name: 'Fold equal siblings',
      description: 'More than ten siblings with the same checkpoint and the same tool or model are one until opened',
      category: TREE,
      defaultValue: DEFAULT_OPTIONS.foldSiblings,
    })
    .addBooleanSwitch({
      path: 'minimap',
      name: 'Map',
      description: 'A small map of the whole tree, while not all of it is in sight',
      category: TREE,
      defaultValue: DEFAULT_OPTIONS.minimap,
    })
    .addRadio({
      path: 'rail',
      name: 'List of flows',
      description: 'Auto shows the list where there is room. A button opens it where it is not shown.',
      category: RAIL,
      defaultValue: DEFAULT_OPTIONS.rail,
      settings: { options: RAIL_MODES.map((value) => ({ value, label: RAIL_MODE_NAMES[value] })) },
    });
}
