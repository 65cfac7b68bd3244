import type { Response } from 'express';
import { callerOf } from '../../access/caller';
import type { Endpoints } from '../../http/endpoint';
import { toBridgeError, toHttpError } from '../../http/errors';
import type { Logger } from '../../platform/logger';
import { toFlowsQuery } from '../to-flows-query';
import { exportedFlow, flowExport } from './export-answers';
import { exportQuery } from './export-inputs';
import type { ExportSlots } from './export-slots';
import type { ExportQuery } from './flow-export';

export interface ExportOptions {
  /** Flows as pieces of JSON text, read as they are taken; `between` stands between two flows. */
  exportFlows: (query: ExportQuery, between: string) => AsyncIterableIterator<string>;
  exportSlots: ExportSlots;
  /** An export of which nothing is read for so long is cut off, in ms. */
  readerIdleMs: number;
  logger: Logger;
}

const FORMATS = {
  ndjson: { type: 'application/x-ndjson', head: '', between: '\n', tail: '\n' },
  json: { type: 'application/json', head: '{"flows":[', between: ',', tail: ']}\n' },
} as const;

/** Writes a piece and waits until the client has taken it, or is gone; one that takes nothing for too long is cut off. */
function writePiece(res: Response, piece: string, idleMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => res.destroy(), idleMs);
    const finish = (): void => {
      clearTimeout(timer);
      res.off('close', finish);
      resolve();
    };
    res.once('close', finish);
    res.write(piece, finish);
  });
}

/** `GET /api/v1/flows/export`: any number of flows in flat memory. */
export function mountExport(endpoints: Endpoints, options: ExportOptions): void {
  const { exportFlows, exportSlots, readerIdleMs, logger } = options;
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/flows/export',
      summary: 'All flows that pass the filters, newest first, each with its checkpoints, as a file',
      query: exportQuery,
      answer: flowExport,
      ndjson: exportedFlow,
      errors: ['query_timed_out', 'too_many_exports'],
    },
    async ({ query, req, res }) => {
      const { type, head, between, tail } = FORMATS[query.format];
      const isHead = req.method === 'HEAD';
      if (!isHead) res.once('close', exportSlots.enter(callerOf(res)));
      const pieces = exportFlows(toFlowsQuery(query), between);
      // Before the head is sent, so that what fails at once is answered as any error is.
      let next = isHead ? undefined : await pieces.next();

      const name = `flows-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
      res.set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}.${query.format}"` });
      if (next === undefined) return void res.end();
      const isEmpty = next.done === true;
      let lastPiece = '';
      try {
        if (head !== '') res.write(head);
        for (; next.done !== true && !res.closed; next = await pieces.next()) {
          lastPiece = next.value;
          await writePiece(res, lastPiece, readerIdleMs);
        }
        res.end(isEmpty && query.format === 'ndjson' ? '' : tail);
      } catch (error) {
        const known = toBridgeError(error);
        logger.error({ err: error }, 'An export broke off');
        // A line of its own tells it; JSON that breaks off can't be mistaken for the whole.
        const newLine = lastPiece.endsWith('\n') ? '' : '\n';
        if (query.format === 'ndjson') res.end(`${newLine}${JSON.stringify(toHttpError(known))}\n`);
        else res.destroy();
      } finally {
        await pieces.return?.();
      }
    },
  );
}
