import { BridgeError } from '../errors';

const RETRY_AFTER_S = 1;

/** Lets so many in at once; the others wait in turn. */
export interface Slots {
  /** @returns what to call once when done. @throws {BridgeError} `busy`: too many wait already */
  enter(): Promise<() => void>;
}

export function createSlots(atOnce: number, waitingAtMost: number): Slots {
  const waiting: (() => void)[] = [];
  let inside = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) inside -= 1;
    else next();
  };
  return {
    async enter() {
      if (inside < atOnce) inside += 1;
      else {
        if (waiting.length >= waitingAtMost) {
          throw new BridgeError('busy', 503, 'Too many requests with spans are under way; send it again', {
            retryAfterS: RETRY_AFTER_S,
          });
        }
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return leave;
    },
  };
}
