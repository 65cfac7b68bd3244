/** Where details stand: beside the view, below it, or over it where no room is left beside. */
export type Placement = 'side' | 'sheet' | 'full';

/** Sizes of a panel, px. */
interface Room {
  readonly width: number;
  readonly height: number;
}

/** Below this width there is no room beside the view, */
const SIDE_FROM_PX = 600;
/** and below this height none below it. */
const SHEET_FROM_PX = 340;

export function placementIn({ width, height }: Room): Placement {
  if (width >= SIDE_FROM_PX) return 'side';
  return height >= SHEET_FROM_PX ? 'sheet' : 'full';
}

/** How wide details are beside the view, or how high below it, px. */
export interface SizeLimits {
  readonly least: number;
  readonly usual: number;
  readonly most: number;
}

const clamp = (least: number, value: number, most: number): number =>
  Math.round(Math.max(least, Math.min(value, most)));

/** @param hasRail the list of flows takes its room, too */
export function limitsOf(placement: Placement, { width, height }: Room, hasRail: boolean): SizeLimits {
  if (placement === 'sheet') {
    const most = clamp(120, height - 150, height);
    return { least: 120, usual: clamp(120, height * 0.5, most), most };
  }
  const most = clamp(264, width * (hasRail ? 0.45 : 0.6), width);
  return { least: Math.min(264, most), usual: clamp(264, 180 + width * 0.12, Math.min(most, 720)), most };
}

export function sizeWithin({ least, usual, most }: SizeLimits, wanted: number | null): number {
  return wanted === null ? usual : clamp(least, wanted, most);
}
