import { useCallback, useEffect, useRef, type RefObject } from 'react';

/**
 * Gives the browser's focus to a node of the view, after the next rendering: until then it may be out of reach. Where the
 * view does not show the node, its tab stop gets it.
 */
export function useFocusNode(panel: RefObject<HTMLElement>): (nodeId: string) => void {
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const node = panel.current?.querySelector<HTMLElement>(
      `[data-testid="flow-node"][data-node-id="${CSS.escape(wanted.current)}"]`,
    );
    wanted.current = null;
    const tabStop = ':is([data-testid="flow-node"], [data-testid="compare-row"])[tabindex="0"]';
    (node ?? panel.current?.querySelector<HTMLElement>(tabStop))?.focus({ preventScroll: true });
  });
  return useCallback((nodeId) => (wanted.current = nodeId), []);
}
