/** A tail of up to so many characters is never cut. */
const TAIL = 16;

/**
 * Splits a name so that it can be cut in its middle: names of one service begin alike, `POST /api/v1/ask/stream`, and differ
 * at their ends. The tail begins at a separator where there is one.
 */
export function splitName(name: string): { readonly head: string; readonly tail: string } {
  if (name.length <= TAIL) return { head: '', tail: name };
  const from = name.length - TAIL;
  const separator = /[/\s.:_-]/.exec(name.slice(from, -1));
  // Not between the two halves of a character.
  const cut = separator === null ? from + (/[\uDC00-\uDFFF]/.test(name.charAt(from)) ? 1 : 0) : from + separator.index;
  return { head: name.slice(0, cut), tail: name.slice(cut) };
}
