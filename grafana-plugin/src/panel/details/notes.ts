import { ATTRIBUTES } from '@flow-tracking/protocol';
import type { BrokenParent } from '@flow-tracking/protocol/model';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { flowStatusText } from '../format';

const BROKEN_TEXTS: Readonly<Record<BrokenParent, string>> = {
  missing_parent: 'Its parent is not in this data, so it stands at the top.',
  self_parent: 'It names itself as its parent, so it stands at the top.',
  cycle: 'It stands below itself by its parents, so it was moved to the top.',
};

/** What else has to be known to read a node rightly, in whole sentences. */
export function notesOf(flow: PanelFlow, node: PanelNode, broken: BrokenParent | null): readonly string[] {
  const notes: string[] = [];
  if (node.status === 'running' && flow.status !== 'running') {
    notes.push(`The flow has ended (${flowStatusText(flow.status)}); this has not.`);
  }
  if (node.status === 'lost') notes.push('Its process died before it ended.');
  else if (node.attributes[ATTRIBUTES.unended] === true) notes.push('It ended with the flow, not by the application.');
  if (broken !== null) notes.push(BROKEN_TEXTS[broken]);
  return notes;
}
