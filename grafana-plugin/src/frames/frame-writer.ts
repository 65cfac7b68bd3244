import type { FlowRecord } from '@flow-tracking/protocol';
import type { StoredFlow } from '@flow-tracking/protocol/model';
import type { DataFrame } from '@grafana/data';
import { checkpointColumns } from './columns';
import type { FlowFrameMeta, Notice } from './meta';
import { createCostOf, type PriceTable } from './prices';
import { checkpointsFrame, flowsFrame } from './to-frames';
import { createUsageTally, talliedRecord, type UsageTally } from './usage-tally';

/** Frames of flows that change; one writer a query. */
export interface FrameWriter {
  /**
   * Frames of the flows as they are now: new objects around the same columns, in which only the rows of checkpoints that
   * changed are written.
   */
  write(flows: readonly StoredFlow[], meta: Omit<FlowFrameMeta, 'revision'>, notices: readonly Notice[]): DataFrame[];
}

/** Rows of flows that are gone are dropped when they are that part of all, so that each row pays once for it. */
const COMPACT_AT = 1 / 4;

/** What is written of a flow. */
interface Written {
  readonly flow: StoredFlow;
  readonly rows: Map<number, number>;
  /** How far its changes are read. */
  read: number;
  record: FlowRecord | null;
  /** Of its model calls; only when prices are configured. */
  readonly tally: UsageTally | null;
}

/**
 * The columns of checkpoints grow and change in place, as those of Grafana's StreamingDataFrame do, and a journal tells
 * which rows did. Whoever holds an older frame sees the newer values in its rows, and not the rows beyond its length.
 */
export function createFrameWriter(refId: string, prices: PriceTable | null = null): FrameWriter {
  const costOf = createCostOf(prices);
  const described = checkpointColumns(prices, costOf);
  let columns: unknown[][] = [];
  let journal: number[] = [];
  let rowCount = 0;
  /** Rows of flows that are gone. */
  let deadRows = 0;
  let revision = 0;
  const written = new Map<string, Written>();

  /** New columns and a new journal: those who follow the old ones see by that that they have to read all again. */
  const startAnew = (): void => {
    columns = described.map(() => []);
    journal = [];
    rowCount = 0;
    deadRows = 0;
    written.clear();
  };
  startAnew();

  /** @returns whether a flow is gone */
  const dropGone = (flows: readonly StoredFlow[]): boolean => {
    const shown = new Map(flows.map((flow) => [flow.flowId, flow]));
    let isGone = false;
    let isReplaced = false;
    for (const [flowId, { flow, rows }] of written) {
      const now = shown.get(flowId);
      if (now === flow) continue;
      // Of another store, which may lack checkpoints that this one had.
      isReplaced ||= now !== undefined;
      isGone = true;
      deadRows += rows.size;
      written.delete(flowId);
    }
    if (isReplaced || (deadRows > 0 && deadRows >= rowCount * COMPACT_AT)) startAnew();
    return isGone;
  };

  const writeFlow = (flow: StoredFlow): boolean => {
    let own = written.get(flow.flowId);
    if (own === undefined) {
      own = { flow, rows: new Map(), read: 0, record: null, tally: prices === null ? null : createUsageTally() };
      written.set(flow.flowId, own);
    }
    const changes = flow.changes();
    const isChanged = own.read < changes.length || own.record !== flow.record();
    for (; own.read < changes.length; own.read++) {
      const nodeId = changes[own.read] ?? -1;
      const checkpoint = flow.checkpoint(nodeId);
      if (checkpoint === undefined) continue;
      const row = own.rows.get(nodeId) ?? rowCount++;
      own.rows.set(nodeId, row);
      for (const [i, column] of described.entries()) {
        const values = columns[i];
        if (values !== undefined) values[row] = column.value(checkpoint);
      }
      own.tally?.put(talliedRecord(checkpoint), costOf(checkpoint.attributes));
      journal.push(row);
    }
    own.record = flow.record();
    return isChanged;
  };

  return {
    write(flows, meta, notices) {
      let isChanged = dropGone(flows);
      for (const flow of flows) if (writeFlow(flow)) isChanged = true;
      if (isChanged) revision++;
      const rows = flows.map((flow) => ({
        flow: flow.record(),
        missing: flow.missing(),
        cost: written.get(flow.flowId)?.tally?.totals().cost ?? null,
      }));
      return [
        flowsFrame(rows, { ...meta, prices, revision }, refId, notices),
        checkpointsFrame(described, columns, refId, { kind: 'flow-tracking-rows', revision, journal }),
      ];
    },
  };
}
