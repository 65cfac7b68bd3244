import type { PanelNode } from '../../frames/panel-flow';
import type { Word } from './query';

/** Parts stand on lines of their own, so that no word is found across two of them. */
const BREAK = '\n';

function line(path: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `${path}:${text.includes(BREAK) ? text.replaceAll(BREAK, ' ') : text}`;
}

/** A line for each value within an attribute, with the path to it. Iterative, since it may be 10,000 levels deep. */
function addLines(lines: string[], name: string, attribute: unknown): void {
  const open: [path: string, value: unknown][] = [[name, attribute]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [path, value] = next;
    if (typeof value !== 'object' || value === null) {
      if (value !== undefined) lines.push(line(path, value));
      continue;
    }
    const entries = Object.entries(value);
    if (entries.length === 0) lines.push(`${path}:`);
    const isList = Array.isArray(value);
    // The path of a value that lies deep would grow with the square of the depth.
    for (const [key, inner] of entries) open.push([isList ? path : `${path.slice(-MAX_PATH)}.${key}`, inner]);
  }
}

const MAX_PATH = 200;

/** All that a search looks at, in lower case: checkpoint, id, error, and attributes as `path:value`, one a line. */
export function searchText({ checkpoint, id, error, attributes }: PanelNode): string {
  const lines = [checkpoint, id];
  if (error !== null) lines.push(error.type, error.message.replaceAll(BREAK, ' '));
  for (const [name, value] of Object.entries(attributes)) addLines(lines, name, value);
  return lines.join(BREAK).toLowerCase();
}

/** Whether a line has the name in its path and the value behind it. */
function hasField(text: string, { name, value }: NonNullable<Word['field']>): boolean {
  for (let at = text.indexOf(name); at !== -1;) {
    const colon = text.indexOf(':', text.lastIndexOf(BREAK, at) + 1);
    if (colon === -1) return false;
    const next = text.indexOf(BREAK, at);
    const end = next === -1 ? text.length : next;
    if (at + name.length <= colon && colon < end && text.slice(colon + 1, end).includes(value)) return true;
    at = text.indexOf(name, end);
  }
  return false;
}

/** @param text of {@link searchText} */
export function holdsWord(text: string, word: Word): boolean {
  return text.includes(word.text) || (word.field !== null && hasField(text, word.field));
}
