import { useMemo, type Dispatch } from 'react';
import type { PanelFlow } from '../frames/panel-flow';
import { t } from '../texts/t';
import { compareEntry } from './compare/compare-menu';
import { othersOf } from './compare/other-flow';
import type { MenuGroup } from './header/menu-groups';
import { replayEntry, replayRefusal } from './replay/replay-menu';
import { useReplay, type Replay } from './replay/use-replay';
import type { PanelAction } from './state/panel-state';

/** A flow as it was at another time, or beside another one. Never both at once. */
export interface FlowTime {
  /** Null while nothing is replayed. */
  readonly replay: Replay | null;
  /** Undefined while nothing is compared; null when the other flow is not in the data. */
  readonly other: PanelFlow | null | undefined;
  readonly menu: readonly MenuGroup[];
  /** Ends whichever is open. */
  readonly end: () => void;
  readonly compareWith: (otherId: string) => void;
  /** The other flow is shown, and this one beside it. */
  readonly swap: () => void;
  /** @returns whether the key did something: `p` replays, plays and pauses, `c` compares and ends that */
  readonly takeKey: (key: string) => boolean;
}

/** @param flow the one that is shown, as it is now */
export function useFlowTime(
  flow: PanelFlow | null,
  flows: readonly PanelFlow[],
  compareId: string | null,
  dispatch: Dispatch<PanelAction>,
): FlowTime {
  const { replay, open } = useReplay(flow);
  const other = useMemo(
    () =>
      flow === null || compareId === null || compareId === flow.id
        ? undefined
        : (flows.find(({ id }) => id === compareId) ?? null),
    [flow, flows, compareId],
  );
  const isComparing = other !== undefined;

  const compare = (flowId: string, otherId: string | null): void => dispatch({ type: 'compare', flowId, otherId });
  const compareWith = (otherId: string): void => {
    if (flow === null) return;
    replay?.close();
    compare(flow.id, otherId);
  };
  const end = (): void => {
    replay?.close();
    if (flow !== null && isComparing) compare(flow.id, null);
  };
  const startReplay = (): void => {
    if (flow === null || replayRefusal(flow) !== null) return;
    // Newer flows must not take its place.
    compare(flow.id, null);
    open(flow);
  };
  const startComparison = (): void => {
    const likeliest = flow === null ? undefined : othersOf(flow, flows)[0];
    if (likeliest !== undefined) compareWith(likeliest.id);
  };
  const menu =
    flow === null
      ? []
      : [
          {
            label: t('header.time'),
            entries: [
              replayEntry(flow, replay !== null, startReplay, end),
              compareEntry(isComparing, flows.length > 1 ? startComparison : undefined, end),
            ],
          },
        ];
  return {
    replay,
    other,
    menu,
    end,
    compareWith,
    swap() {
      if (flow !== null && other !== undefined && other !== null) compare(other.id, flow.id);
    },
    takeKey(key) {
      if (flow === null || (key !== 'p' && key !== 'c')) return false;
      if (key === 'p' && replay === null) startReplay();
      else if (key === 'p') replay?.playOrPause();
      else if (isComparing) end();
      else startComparison();
      return true;
    },
  };
}
