import type { PanelOptionsEditorBuilder } from '@grafana/data';
import { t } from '../texts/t';
import { DEFAULT_OPTIONS, FLOW_VIEWS, RAIL_MODES, TREE_DIRECTIONS, type FlowTreeOptions } from './options';

const VIEW = [t('options.categories.view')];
const TREE = [t('options.categories.tree')];
const RAIL = [t('options.categories.rail')];

/** What the panel's editor offers. */
export function addPanelOptions(builder: PanelOptionsEditorBuilder<FlowTreeOptions>): void {
  builder
    .addRadio({
      path: 'view',
      name: t('options.view'),
      description: t('options.view-hint'),
      category: VIEW,
      defaultValue: DEFAULT_OPTIONS.view,
      settings: { options: FLOW_VIEWS.map((value) => ({ value, label: t(`views.names.${value}`) })) },
    })
    .addBooleanSwitch({
      path: 'follow',
      name: t('options.follow'),
      description: t('options.follow-hint'),
      category: VIEW,
      defaultValue: DEFAULT_OPTIONS.follow,
    })
    .addRadio({
      path: 'direction',
      name: t('options.direction'),
      description: t('options.direction-hint'),
      category: TREE,
      defaultValue: DEFAULT_OPTIONS.direction,
      settings: { options: TREE_DIRECTIONS.map((value) => ({ value, label: t(`options.directions.${value}`) })) },
    })
    .addBooleanSwitch({
      path: 'foldSiblings',
      name: t('options.fold'),
      description: t('options.fold-hint'),
      category: TREE,
      defaultValue: DEFAULT_OPTIONS.foldSiblings,
    })
    .addBooleanSwitch({
      path: 'minimap',
      name: t('options.map'),
      description: t('options.map-hint'),
      category: TREE,
      defaultValue: DEFAULT_OPTIONS.minimap,
    })
    .addRadio({
      path: 'rail',
      name: t('options.rail'),
      description: t('options.rail-hint'),
      category: RAIL,
      defaultValue: DEFAULT_OPTIONS.rail,
      settings: { options: RAIL_MODES.map((value) => ({ value, label: t(`options.rails.${value}`) })) },
    });
}
