import type { KeyboardEvent } from 'react';
import type { OverlayState } from './find/use-overlay';
import { actionOfKey, isTyping, overlayOfKey } from './state/panel-keys';
import type { PanelActs } from './use-panel-acts';
import type { PanelModel } from './use-panel-model';
import { flowKey } from './views/flow-key';

/** The node whose element an event comes from; null for none. */
function nodeIdAt(target: EventTarget): string | null {
  return (target as Element).closest<HTMLElement>('[data-node-id]')?.dataset['nodeId'] ?? null;
}

/** The keys that hold for the whole panel. Grafana has keys of its own, which must not get what is taken here. */
export function panelKeys(model: PanelModel, acts: PanelActs, overlay: OverlayState) {
  const { flow, selected, time, replay, find, rail, live, dispatch } = model;

  const leave = (): boolean => {
    if (acts.listOpen) acts.setListOpen(false);
    else if (selected !== undefined) acts.close();
    else if (replay !== null || time.other !== undefined) time.end();
    else return false;
    return true;
  };
  const take = (event: KeyboardEvent): boolean => {
    // Grafana leaves a panel that is alone on its page by the same key.
    if (event.key === 'Escape' && !event.defaultPrevented && leave()) return true;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
    const opens = overlayOfKey(event.key);
    const key = flowKey(event.key);
    if (isPlain && find !== null && (opens !== null || key !== null)) {
      if (opens !== null) overlay.open(opens);
      else if (key !== null) find.steps.take(key, nodeIdAt(event.target));
      return true;
    }
    if (isPlain && time.takeKey(event.key)) return true;
    const action = actionOfKey(event, { flowId: flow?.id ?? null, order: rail.order });
    if (action === null || (action.type === 'follow' && !live)) return false;
    dispatch(action);
    return true;
  };
  return (event: KeyboardEvent): void => {
    // What stands over the page (a menu, a form) has keys of its own; its events come here, too.
    if (isTyping(event.target) || !event.currentTarget.contains(event.target as Node)) return;
    if (!take(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
}
