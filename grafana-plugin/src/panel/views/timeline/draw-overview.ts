import type { PanelFlow } from '../../../frames/panel-flow';
import type { Forest } from '../../layout/forest';
import type { Matches } from '../../layout/matches';
import { beginOf, endOf } from '../../layout/node-span';
import { walk } from '../../layout/walk';
import type { TimeScale } from './time-scale';

export interface OverviewColors {
  readonly ofCheckpoint: (checkpoint: string) => string;
  readonly failed: string;
}

const MAX_LANE_PX = 6;
const MIN_LANE_PX = 2;
/** Of what is not looked for. */
const DIMMED_ALPHA = 0.25;

/** Draws all nodes of a flow, a lane a level: deeper ones share the last. Nodes thinner than a pixel join into one. */
export function drawOverview(
  context: CanvasRenderingContext2D,
  flow: PanelFlow,
  forest: Forest,
  scale: TimeScale,
  heightPx: number,
  nowTs: number,
  colors: OverviewColors,
  matches: Matches,
): void {
  context.clearRect(0, 0, scale.trackPx, heightPx);
  let levels = 1;
  walk(forest, (_, depth) => (levels = Math.max(levels, depth + 1)));
  const lanePx = Math.min(MAX_LANE_PX, Math.max(MIN_LANE_PX, Math.floor(heightPx / levels)));
  const lanes = Math.max(1, Math.floor(heightPx / lanePx));
  /** Up to where each lane is filled: siblings come in the order in which they began. */
  const filled = new Float64Array(lanes).fill(-1);
  const colorOf = new Map<string, string>();
  walk(forest, (index, depth) => {
    const node = forest.nodes.list[index];
    if (node === undefined) return;
    const lane = Math.min(depth, lanes - 1);
    const from = Math.floor(scale.toPx(beginOf(node) - flow.startedTs));
    const to = Math.max(from + 1, Math.round(scale.toPx(endOf(node, nowTs) - flow.startedTs)));
    const failed = node.status === 'error' && forest.childCountOf(index) === 0;
    const dimmed = matches.isDimmed(index);
    if (to <= (filled[lane] ?? 0) && to - from <= 1 && !failed && (!matches.isActive || dimmed)) return;
    filled[lane] = Math.max(filled[lane] ?? 0, to);
    let color = colorOf.get(node.checkpoint);
    if (color === undefined) {
      color = colors.ofCheckpoint(node.checkpoint);
      colorOf.set(node.checkpoint, color);
    }
    context.globalAlpha = dimmed ? DIMMED_ALPHA : 1;
    context.fillStyle = failed ? colors.failed : color;
    context.fillRect(from, lane * lanePx, to - from, lanePx - 0.5);
  });
  context.globalAlpha = 1;
}
