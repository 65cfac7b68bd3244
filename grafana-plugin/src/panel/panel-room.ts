import { placementIn, type Placement } from './details/placement';
import type { FindRoom } from './find/FindTools';
import type { RailMode } from './options';
import { railFolds } from './rail/rail-folds';

/** Below this width */
const COMPACT_PX = 600;
/** or below this height one row says all that is not the flow. */
const LOW_PX = 260;
/** Above this width the header has room for everything that finds. */
const WIDE_PX = 1_120;

/** How the panel's size divides it. */
export interface PanelRoom {
  readonly width: number;
  readonly height: number;
  /** There is room for the flow itself and one row. */
  readonly compact: boolean;
  /** The list of flows is closed until it is asked for. */
  readonly narrow: boolean;
  /** Of the details. */
  readonly placement: Placement;
  /** For what finds, in the header. */
  readonly find: FindRoom;
}

export function panelRoom(width: number, height: number, rail: RailMode): PanelRoom {
  const compact = width < COMPACT_PX || height < LOW_PX;
  return {
    width,
    height,
    compact,
    narrow: railFolds(rail, width),
    placement: placementIn({ width, height }),
    find: compact ? 'none' : width < WIDE_PX ? 'tight' : 'wide',
  };
}
