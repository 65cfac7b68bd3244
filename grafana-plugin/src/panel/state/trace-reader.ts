import type { DataFrame } from '@grafana/data';
import type { FlowNodes } from '../../frames/flow-nodes';
import { readTraces, type ReadTraces } from '../../frames/trace-frames';
import { isTraceFrame } from '../../frames/trace-span';
import { createNodeStore } from './node-store';

/** Reads trace frames of any datasource into flows. */
export interface TraceReader {
  read(frames: readonly DataFrame[]): ReadTraces & {
    /** In which the traces have their places; none when no frame is a trace. */
    readonly frames: readonly DataFrame[];
  };
  /** Grow in place from one reading to the next. */
  nodesOf(traceId: string): FlowNodes;
}

const valuesOf = (frames: readonly DataFrame[]): unknown[] =>
  frames.flatMap((frame) => [frame.length, ...frame.fields.flatMap(({ name, values }) => [name, values])]);

/** All is read again unless every column is the very same: a live query beside a trace emits it twenty times a second. */
export function createTraceReader(): TraceReader {
  const store = createNodeStore();
  let known: unknown[] = [];
  let last: ReadTraces = { traces: [], notices: [] };
  return {
    nodesOf: (traceId) => store.nodesOf(traceId),
    read(frames) {
      const own = frames.filter(isTraceFrame);
      const values = valuesOf(own);
      if (values.length !== known.length || values.some((value, i) => value !== known[i])) {
        known = values;
        last = readTraces(own);
        store.replace(
          new Map(last.traces.map(({ summary, nodes }) => [summary.id, new Map(nodes.map((node) => [node.id, node]))])),
        );
      }
      // The same values may stand in other frames by now, and links are filled in by those.
      return { ...last, frames: own };
    },
  };
}
