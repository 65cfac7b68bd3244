import { BridgeError } from '../../errors';

/** How long an export may be expected to go on, for those who wait: it is not known. */
const RETRY_AFTER_S = 10;

/** How many exports go on at once; each holds a page of memory and now and then a connection to Postgres. */
export interface ExportSlots {
  /**
   * Takes a slot; call what it gives when the export is over. Idempotent.
   *
   * @throws {BridgeError} `too_many_exports`
   */
  enter(caller: string): () => void;
}

/** @param max at once, half of them by one caller */
export function createExportSlots(max: number): ExportSlots {
  const maxEach = Math.ceil(max / 2);
  const byCaller = new Map<string, number>();
  let taken = 0;

  return {
    enter(caller) {
      const own = byCaller.get(caller) ?? 0;
      if (taken >= max || own >= maxEach) {
        const limit = own >= maxEach ? `${maxEach} by one caller` : String(max);
        throw new BridgeError('too_many_exports', 503, `At most ${limit} exports at once; see the header Retry-After`, {
          retryAfterS: RETRY_AFTER_S,
        });
      }
      taken += 1;
      byCaller.set(caller, own + 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        taken -= 1;
        const left = (byCaller.get(caller) ?? 1) - 1;
        if (left === 0) byCaller.delete(caller);
        else byCaller.set(caller, left);
      };
    },
  };
}
