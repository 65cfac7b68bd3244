import type { PanelFlow } from '../../frames/panel-flow';
import { beginOf, endOf } from '../layout/node-span';

/** How many checkpoints ran at each part of a flow's time. */
export interface Density {
  /** By colour, in the order in which they began, how many ran in each part. */
  readonly bands: ReadonlyMap<string, Float64Array>;
  /** Most that ran in one part. */
  readonly most: number;
  /** Whether a failure began in the part. */
  readonly failed: Uint8Array;
}

interface Options {
  readonly flow: PanelFlow;
  /** Ms since the flow's start. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly parts: number;
  readonly colorOf: (checkpoint: string) => string;
  /** Whether a failure began at the node of this index. */
  readonly beganAt: (index: number) => boolean;
}

/** Counts in O(nodes + colours × parts). A checkpoint counts in each part that it touches. */
export function densityOf({ flow, fromMs, toMs, parts, colorOf, beganAt }: Options): Density {
  const bands = new Map<string, Float64Array>();
  const failed = new Uint8Array(parts);
  const partOf = (ts: number): number =>
    Math.min(parts - 1, Math.max(0, Math.floor(((ts - flow.startedTs - fromMs) / (toMs - fromMs)) * parts)));
  flow.nodes.list.forEach((node, index) => {
    const color = colorOf(node.checkpoint);
    // One more, where what ended in the last part is taken off.
    const band = bands.get(color) ?? new Float64Array(parts + 1);
    bands.set(color, band);
    const first = partOf(beginOf(node));
    const last = partOf(endOf(node, flow.startedTs + toMs));
    band[first] = (band[first] ?? 0) + 1;
    band[last + 1] = (band[last + 1] ?? 0) - 1;
    if (node.status === 'error' && beganAt(index)) failed[last] = 1;
  });
  const totals = new Float64Array(parts);
  for (const [color, band] of bands) {
    let running = 0;
    for (let part = 0; part < parts; part++) {
      running += band[part] ?? 0;
      band[part] = running;
      totals[part] = (totals[part] ?? 0) + running;
    }
    bands.set(color, band.subarray(0, parts));
  }
  return { bands, failed, most: totals.reduce((a, b) => Math.max(a, b), 0) };
}
