import type { Attributes, ErrorInfo } from '@flow-tracking/protocol';

/** Where applications and instrumentations put the stack of an error, best first. */
const STACK_NAMES = ['error.stack', 'exception.stacktrace', 'error.stack_trace', 'stack', 'stacktrace', 'stack_trace'];

/** The stack of an error, and the attribute that holds it. */
export interface FoundStack {
  readonly text: string;
  /** Null when the error itself has it. */
  readonly attribute: string | null;
}

function textAt(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = (value as Record<string, unknown>)[name];
  return typeof found === 'string' && found !== '' ? found : null;
}

export function findStack(error: ErrorInfo | null, attributes: Attributes): FoundStack | null {
  const own = textAt(error, 'stack');
  if (own !== null) return { text: own, attribute: null };
  const name = STACK_NAMES.find((candidate) => textAt(attributes, candidate) !== null);
  if (name !== undefined) return { text: textAt(attributes, name) ?? '', attribute: name };
  const nested = textAt(attributes['error'], 'stack');
  return nested === null ? null : { text: nested, attribute: 'error' };
}

/** A run of lines of the same kind. */
export interface StackPart {
  /** `library`: frames that are not of the application. */
  readonly kind: 'own' | 'library';
  readonly lines: readonly string[];
}

/** Of Node.js, Python, Go, Ruby, Java and Rust: what comes with the language or from a registry. */
const LIBRARY =
  /node_modules|node:|\(internal\/|<anonymous>\)?$|\bat (?:async )?(?:native|Array\.|Promise\.|new Promise)|site-packages|dist-packages|lib\/python\d|<frozen |\/usr\/(?:local\/)?(?:lib|go)\/|\/pkg\/mod\/|\/vendor\/|\/gems\/|\.cargo\/registry|\/rustc\/|\bat (?:java|javax|jdk|sun|kotlin|scala|org\.springframework|org\.apache|io\.netty|reactor)\./;
/** The lines that name a place: `at f (file:1:2)`, `File "x.py", line 3, in f`, `x.go:12`. */
const FRAME = /^\s*(?:at\s|File "|in `|from\s|\S+\.(?:go|rs|rb|java|kt):\d+|\d+:\s)/;
/** A frame of Python has its source below it. */
const BELOW = /^\s{4,}\S/;

/** The lines of a stack in runs, so that those of libraries fold. What is no frame belongs to the application. */
export function stackParts(text: string): readonly StackPart[] {
  const parts: { kind: StackPart['kind']; lines: string[] }[] = [];
  for (const line of text.trimEnd().split(/\r?\n/)) {
    const last = parts.at(-1);
    const isFrame = FRAME.test(line);
    const continues = !isFrame && last?.kind === 'library' && BELOW.test(line);
    const kind = continues || (isFrame && LIBRARY.test(line)) ? 'library' : 'own';
    if (last?.kind === kind) last.lines.push(line);
    else parts.push({ kind, lines: [line] });
  }
  return parts;
}

/** How many lines a stack has. */
export function countLines(parts: readonly StackPart[]): number {
  return parts.reduce((sum, { lines }) => sum + lines.length, 0);
}
