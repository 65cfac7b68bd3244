import { useRef, useState } from 'react';
import type { PanelFlow } from '../frames/panel-flow';
import { followFlow } from './follow-flow';

export interface ShownFlow {
  readonly flow: PanelFlow | null;
  /** It moves on to the latest running flow, and the view to its latest node. */
  readonly following: boolean;
  /** Shows this flow from now on. */
  readonly pick: (flowId: string) => void;
  /** Keeps showing what is shown. */
  readonly stay: () => void;
  readonly follow: () => void;
}

/** Which flow the panel shows: the latest, until someone picks one. */
export function useShownFlow(flows: readonly PanelFlow[]): ShownFlow {
  const [picked, setPicked] = useState<string | null>(null);
  const followed = useRef<string | null>(null);
  const pickedFlow = picked === null ? undefined : flows.find((flow) => flow.id === picked);
  const flow = pickedFlow ?? followFlow(flows, followed.current);
  followed.current = flow?.id ?? null;
  return {
    flow,
    following: pickedFlow === undefined,
    pick: setPicked,
    stay: () => setPicked(followed.current),
    follow: () => setPicked(null),
  };
}
