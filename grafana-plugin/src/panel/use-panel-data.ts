import { locationUtil, type PanelProps } from '@grafana/data';
import { useMemo } from 'react';
import { linksOfRow, type FlowLink, type LinkTools } from '../frames/links';
import { createNodeLinks } from '../frames/node-links';
import { createPanelDataReader, type PanelFlows } from './state/panel-data';

interface PanelRead extends PanelFlows {
  /** Why the data could not be read; empty when it could. */
  readonly failure: string;
  /** The links that the dashboard puts on a checkpoint. */
  readonly linksOfNode: (flowId: string, nodeId: string) => readonly FlowLink[];
}

/** The flows in what Grafana hands to the panel. */
export function usePanelData({ data, replaceVariables }: Pick<PanelProps, 'data' | 'replaceVariables'>): PanelRead {
  const reader = useMemo(() => createPanelDataReader(), []);
  const nodeLinks = useMemo(() => createNodeLinks(), []);
  const tools: LinkTools = { replace: replaceVariables, assureBaseUrl: locationUtil.assureBaseUrl };
  const flows = useMemo(
    () => reader.read(data.series, (frame, row) => linksOfRow(frame, row, tools)),
    [reader, data.series, replaceVariables],
  );
  return {
    ...flows,
    failure: data.errors?.[0]?.message ?? data.error?.message ?? '',
    linksOfNode: (flowId, nodeId) => nodeLinks(data.series, flowId, nodeId, tools),
  };
}
