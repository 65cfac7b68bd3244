/** Where one poller stands on one bridge. */
export interface PollPosition {
  /** Of the poller; no other bridge has the same. */
  readonly id: string;
  /** How many of its frames the client has. */
  readonly taken: number;
}

/** Pollers that one cursor names: that of each bridge behind a balancer, which the next poll may reach. */
const MAX_POSITIONS = 4;
const BETWEEN = '~';
const POSITION = /^([\w-]{12})\.(\d{1,15})$/;

/** Packs positions into an opaque text for the client to give back; the first ones stay where there are too many. */
export function encodePollCursor(positions: readonly PollPosition[]): string {
  return positions
    .slice(0, MAX_POSITIONS)
    .map(({ id, taken }) => `${id}.${taken}`)
    .join(BETWEEN);
}

/** The positions in a cursor. Rubbish has none: a client with a cursor that nobody knows gets a snapshot, and no error. */
export function decodePollCursor(cursor: string): PollPosition[] {
  return cursor
    .split(BETWEEN, MAX_POSITIONS)
    .map((text) => POSITION.exec(text))
    .flatMap((match) => (match === null ? [] : [{ id: match[1] ?? '', taken: Number(match[2]) }]));
}
