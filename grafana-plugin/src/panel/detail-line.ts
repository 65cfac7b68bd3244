import { ATTRIBUTES, type JsonValue } from '@flow-tracking/protocol';
import type { PanelNode } from '../frames/panel-flow';
import { t } from '../texts/t';

type Wording = (value: string) => string;
const plain: Wording = (value) => value;

/** What matters most about a node, best first. */
const TELLING: readonly [attribute: string, wording: Wording][] = [
  [ATTRIBUTES.toolName, plain],
  [ATTRIBUTES.responseModel, plain],
  [ATTRIBUTES.requestModel, plain],
  [ATTRIBUTES.agentName, plain],
  ['remaining', (value) => t('common.remaining', { amount: value })],
  ['reason', plain],
  ['status', plain],
  ['service.name', plain],
];

/** What tells nothing beside the checkpoint's name, or, of ours, is told by its status and its figures. */
const isUntelling = (attribute: string): boolean =>
  attribute.startsWith('otel.') || attribute.startsWith('flow.') || attribute === ATTRIBUTES.operationName;

function scalarText(value: JsonValue | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** One line about a node: tool, model, agent, what is left of a quota, or the first attribute that fits a line. */
export function detailLine({ attributes }: Pick<PanelNode, 'attributes'>): string {
  for (const [name, wording] of TELLING) {
    const text = scalarText(attributes[name]);
    if (text !== null) return wording(text);
  }
  for (const [name, value] of Object.entries(attributes)) {
    const text = isUntelling(name) ? null : scalarText(value);
    if (text !== null) return `${name.split('.').at(-1) ?? name} ${text}`;
  }
  return '';
}

/** Why a node failed, short enough for its card; empty when it did not. */
export function errorLine({ status, error }: Pick<PanelNode, 'status' | 'error'>): string {
  if (status !== 'error') return '';
  return [error?.message, error?.type].find((text) => text !== undefined && text !== '') ?? t('status.error');
}

/** The status of a node that did not fail by itself: what failed is below it, or, with nothing below, it tells of a failure elsewhere. */
export function passedOnText(isParent: boolean): string {
  return isParent ? t('status.error-below') : t('status.error-reported');
}

/** Whether a reason names the detail, which then need not stand beside it. */
export function isToldBy(reason: string, detail: string): boolean {
  return detail !== '' && reason.toLowerCase().includes(detail.toLowerCase());
}
