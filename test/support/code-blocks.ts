import { readFileSync } from 'node:fs';
import path from 'node:path';

const repoRoot = path.resolve(__dirname, '../..');

/** A fenced block of a page. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** What a first line `// name.ext` says. */
  readonly file: string | undefined;
}

/** The fenced blocks of a page, in order. @param page path from the repository's root */
export function codeBlocks(page: string): CodeBlock[] {
  const text = readFileSync(path.join(repoRoot, page), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
    language,
    code,
    file: /^\/\/ (\S+\.\w+)\n/.exec(code)?.[1],
  }));
}
