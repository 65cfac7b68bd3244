import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { BrokenParent } from '@flow-tracking/protocol/model';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { flowStatusText } from '../format';

/** What else has to be known to read a node rightly, in whole sentences. */
export function notesOf(flow: PanelFlow, node: PanelNode, broken: BrokenParent | null): readonly string[] {
  const notes: string[] = [];
  if (node.status === 'running' && flow.status !== 'running') {
    notes.push(t('details.flow-ended', { status: flowStatusText(flow.status) }));
  }
  if (node.status === 'lost') notes.push(t('details.process-died'));
  else if (node.attributes[ATTRIBUTES.unended] === true) notes.push(t('details.ended-with-flow'));
  if (broken !== null) notes.push(t(`details.broken.${broken}`));
  return notes;
}
