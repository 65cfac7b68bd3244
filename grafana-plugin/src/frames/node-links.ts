import type { DataFrame } from '@grafana/data';
import { CHECKPOINT_FIELDS, CHECKPOINTS_FRAME } from './fields';
import { linksOfRow, type FlowLink, type LinkTools } from './links';

/** Finds the links that a dashboard puts on the row of a checkpoint. */
export type NodeLinks = (
  frames: readonly DataFrame[],
  flowId: string,
  nodeId: string,
  tools: LinkTools,
) => readonly FlowLink[];

const hasLinks = (frame: DataFrame): boolean => frame.fields.some(({ config }) => (config.links?.length ?? 0) > 0);

/**
 * It remembers the row of the node that was asked for last, since rows keep their places while their frame grows: with
 * 1,000 events a second none of them has to look through all rows.
 */
export function createNodeLinks(): NodeLinks {
  let known = { flowId: '', nodeId: '', row: -1 };
  return (frames, flowId, nodeId, tools) => {
    for (const frame of frames) {
      if (frame.name !== CHECKPOINTS_FRAME || !hasLinks(frame)) continue;
      const flows = frame.fields.find(({ name }) => name === CHECKPOINT_FIELDS.flowId)?.values;
      const nodes = frame.fields.find(({ name }) => name === CHECKPOINT_FIELDS.nodeId)?.values;
      const isIt = (row: number): boolean => flows?.[row] === flowId && String(nodes?.[row]) === nodeId;
      let row = known.flowId === flowId && known.nodeId === nodeId && isIt(known.row) ? known.row : 0;
      while (row < frame.length && !isIt(row)) row++;
      if (row === frame.length) continue;
      known = { flowId, nodeId, row };
      return linksOfRow(frame, row, tools);
    }
    return [];
  };
}
