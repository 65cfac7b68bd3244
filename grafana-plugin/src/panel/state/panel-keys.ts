import { commandOf } from './key-table';
import type { PanelAction } from './panel-state';

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** What the keys that hold for the whole panel need to know. */
export interface KeyContext {
  /** The flow that is shown. */
  readonly flowId: string | null;
  /** As they stand in the rail. */
  readonly order: readonly string[];
}

/** The flow so many rows below the shown one; null beyond the ends. With none of them shown, the first. */
export function neighbourOf({ flowId, order }: KeyContext, step: 1 | -1): string | null {
  const index = order.indexOf(flowId ?? '');
  return (index === -1 ? order[0] : order[index + step]) ?? null;
}

/**
 * What a key does wherever in the panel the focus is: the previous and the next flow, or follow the latest.
 * Brackets count with any modifier but ⌘, since many keyboards have them on AltGr, which reads as Ctrl and Alt.
 */
export function actionOfKey(event: Key, context: KeyContext): PanelAction | null {
  if (event.metaKey) return null;
  const command = commandOf(event.key);
  if (command === 'previousFlow' || command === 'nextFlow') {
    const flowId = neighbourOf(context, command === 'nextFlow' ? 1 : -1);
    return flowId === null ? null : { type: 'pick', flowId };
  }
  return command === 'follow' && !event.ctrlKey ? { type: 'follow' } : null;
}

/** What stands over the panel for a while. */
export type Overlay = 'search' | 'filter' | 'help';

/** What a key opens; null for one that opens nothing. */
export function overlayOfKey(key: string): Overlay | null {
  const command = commandOf(key);
  return command === 'search' || command === 'filter' || command === 'help' ? command : null;
}

/** Whether keys are letters there. */
export function isTyping(target: EventTarget): boolean {
  if (target instanceof HTMLInputElement) return !['button', 'checkbox', 'radio', 'range'].includes(target.type);
  return target instanceof HTMLElement && target.matches('textarea, select, [contenteditable="true"]');
}
