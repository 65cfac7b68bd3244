import { neighbourOf } from '../state/panel-keys';

/** The flow that a key in the list of flows leads to; null for a key that leads nowhere. */
export function railTarget(key: string, order: readonly string[], flowId: string | null): string | null {
  switch (key) {
    case 'ArrowDown':
      return neighbourOf({ flowId, order }, 1);
    case 'ArrowUp':
      return neighbourOf({ flowId, order }, -1);
    case 'Home':
      return order[0] ?? null;
    case 'End':
      return order.at(-1) ?? null;
    default:
      return null;
  }
}
