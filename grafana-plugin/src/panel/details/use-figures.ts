import { useMemo } from 'react';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { useClockOffset } from '../components/clock-context';
import type { Forest } from '../layout/forest';
import { beginOf, endOf } from '../layout/node-span';
import { useNow } from '../ticker';
import { placeIn, selfTimeMs, spanOf, type Place } from './figures';

/** What is said of a node in numbers. */
export interface Figures {
  /** Null when it is not known: its process died. */
  readonly durationMs: number | null;
  /** Of the flow, or of what it has run so far, 0 to 1. */
  readonly share: number | null;
  /** Null when it is the duration. */
  readonly selfMs: number | null;
  readonly place: Place;
  /** The flow or the node runs: all of it moves. */
  readonly isMoving: boolean;
}

/** They move once a second while anything runs, and not at each event: a node may have 100,000 children. */
export function useFigures(flow: PanelFlow, forest: Forest, node: PanelNode): Figures {
  const isMoving = flow.status === 'running' || node.status === 'running';
  const second = useNow(isMoving ? 'calm' : 'idle');
  const offsetMs = useClockOffset();
  const change = isMoving ? second : flow;
  return useMemo(() => {
    const nowTs = isMoving ? second - offsetMs : 0;
    const span = spanOf(flow, nowTs);
    const durationMs = node.status === 'lost' ? null : endOf(node, nowTs) - beginOf(node);
    return {
      durationMs,
      share: durationMs === null ? null : durationMs / (span.toMs - span.fromMs),
      selfMs: durationMs === null ? null : selfTimeMs(forest, forest.nodes.indexOf(node.id) ?? -1, nowTs),
      place: placeIn(span, flow, node, nowTs),
      isMoving,
    };
  }, [forest, node, change, isMoving, offsetMs]);
}
