/** What of a text is rendered at first; more than six lines hold, so that its end is never seen cut. */
const FIRST_CHARACTERS = 1_500;
const FIRST_LINES = 6;
/** What one press adds: a megabyte at once would hold up the page. */
export const PAGE_CHARACTERS = 100_000;
/** A text of so many characters may need more than six lines of a narrow column. */
const LONG_CHARACTERS = 240;

/** A cut that does not part the two halves of one character. */
export function cutAt(text: string, length: number): string {
  if (text.length <= length) return text;
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length);
}

/** Whether a text is folded at first. */
export function isLong(text: string): boolean {
  if (text.length > LONG_CHARACTERS) return true;
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) if (++lines > FIRST_LINES) return true;
  return false;
}

/** What is rendered while it is folded. */
export function beginning(text: string): string {
  return cutAt(text, FIRST_CHARACTERS);
}
