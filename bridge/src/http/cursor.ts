import { BridgeError } from '../errors';

/** Packs where a page ended into an opaque text for the client to give back. */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * Unpacks a cursor.
 *
 * @param isPosition whether it is one of that kind of page
 * @throws {BridgeError} `invalid_request`
 */
export function decodeCursor<T extends readonly unknown[]>(
  cursor: string,
  isPosition: (position: readonly unknown[]) => position is T,
): T {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(position) && isPosition(position)) return position;
  } catch {
    // Answered below, like a cursor of another shape.
  }
  const expected = 'expected the next_cursor of a page before';
  throw new BridgeError('invalid_request', 400, `cursor: ${expected}`, {
    details: [{ field: 'cursor', expected, got: cursor.slice(0, 60) }],
  });
}
