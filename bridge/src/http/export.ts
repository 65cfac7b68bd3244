import { once } from 'node:events';
import type { Response } from 'express';
import type { Logger } from '../adapters/logger';
import type { ExportQuery } from '../services/flow-export';
import type { Endpoints } from './endpoint';
import { toBridgeError, toHttpError } from './errors';
import { exportedFlow, flowExport } from './schemas/answers';
import { exportQuery } from './schemas/inputs';
import { toFlowsQuery } from './to-flows-query';

export interface ExportOptions {
  /** Flows as pieces of JSON text, read as they are taken; `between` stands between two flows. */
  exportFlows: (query: ExportQuery, between: string) => AsyncIterableIterator<string>;
  logger: Logger;
}

const FORMATS = {
  ndjson: { type: 'application/x-ndjson', head: '', between: '\n', tail: '\n' },
  json: { type: 'application/json', head: '{"flows":[', between: ',', tail: ']}\n' },
} as const;

/** Waits until the client has read what waits for it, or is gone. */
async function untilDrained(res: Response, gone: AbortSignal): Promise<void> {
  await once(res, 'drain', { signal: gone }).catch(() => undefined);
}

/** `GET /api/v1/flows/export`: any number of flows in flat memory. */
export function mountExport(endpoints: Endpoints, { exportFlows, logger }: ExportOptions): void {
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/flows/export',
      summary: 'All flows that pass the filters, newest first, each with its checkpoints, as a file',
      query: exportQuery,
      answer: flowExport,
      ndjson: exportedFlow,
      errors: ['query_timed_out'],
    },
    async ({ query, req, res }) => {
      const { type, head, between, tail } = FORMATS[query.format];
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      const pieces = exportFlows(toFlowsQuery(query), between);
      const isHead = req.method === 'HEAD';
      // Before the head is sent, so that what fails at once is answered as any error is.
      let next = isHead ? undefined : await pieces.next();

      const name = `flows-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
      res.set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}.${query.format}"` });
      if (next === undefined) return void res.end();
      const isEmpty = next.done === true;
      let lastPiece = '';
      try {
        res.write(head);
        for (; next.done !== true && !gone.signal.aborted; next = await pieces.next()) {
          lastPiece = next.value;
          if (!res.write(lastPiece)) await untilDrained(res, gone.signal);
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
