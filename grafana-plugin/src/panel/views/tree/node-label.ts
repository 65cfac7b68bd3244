import type { BrokenParent } from '@flow-tracking/protocol/model';
import type { PanelNode } from '../../../frames/panel-flow';
import { DEFAULT_CURRENCY } from '../../../frames/prices';
import { t } from '../../../texts/t';
import type { SlowMark } from '../../layout/slow-limits';
import { slowWords } from '../../slow-text';
import { usageParts } from '../../usage-line';
import { detailLine, errorLine } from '../../detail-line';
import { flowStatusText } from '../../format';
import type { Looks } from '../../looks';

/** The second line of a card; what is wrong with the node's place goes first. */
export function secondLine(node: PanelNode, broken: BrokenParent | null): string {
  return broken === null ? detailLine(node) : t(`views.broken.${broken}`);
}

/** `1.2 s`; of a node that runs, the time until now; a dash where nobody knows. */
export function durationText(node: PanelNode, nowTs: number, looks: Looks): string {
  if (node.status === 'running') return looks.duration(Math.max(0, nowTs - node.startedTs));
  return node.durationMs === null || node.status === 'lost' ? looks.noDuration : looks.duration(node.durationMs);
}

/** For those who hear it: name, what matters, status, duration, what it took, and what is wrong. */
export function nodeLabel(
  node: PanelNode,
  broken: BrokenParent | null,
  looks: Looks,
  { mark = null, currency = DEFAULT_CURRENCY }: { mark?: SlowMark | null; currency?: string } = {},
): string {
  const parts = [node.checkpoint, detailLine(node), flowStatusText(node.status)];
  if (node.durationMs !== null) parts.push(looks.duration(node.durationMs));
  if (mark !== null) parts.push(slowWords(mark, looks.duration));
  parts.push(...usageParts(node, currency, looks.duration));
  parts.push(errorLine(node));
  if (broken !== null) parts.push(t(`views.broken.${broken}`));
  return parts.filter((part) => part !== '').join(', ');
}
