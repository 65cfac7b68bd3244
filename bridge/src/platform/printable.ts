/** What could end a line, move a terminal's cursor or turn the direction of text: controls and bidi marks. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** The password of a URL. */
const PASSWORD = /(\/\/[^\s/:@]*:)[^\s@]+@/g;

/** Text on one line, whoever it came from: no forged lines, no escape codes. */
export function onOneLine(text: string): string {
  return text.replaceAll(UNPRINTABLE, '\ufffd');
}

/** Text that is safe on one line of a log: it holds no passwords either. */
export function printable(text: string): string {
  return onOneLine(text).replaceAll(PASSWORD, '$1***@');
}
