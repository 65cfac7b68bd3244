import { codeBlocks } from './code-blocks';

/** JavaScript of a page, with what it needs to run. */
export interface PageModule {
  /** `docs/sdk-openai.md 2`: the second block of its page. */
  readonly name: string;
  readonly code: string;
  /** Of an Express app that it makes. */
  readonly routes: (readonly [method: string, path: string])[];
  /** How many flows it records at least. */
  readonly flows: number;
}

/** What two lines of a page take for given, by the name that they use. */
const GIVEN: readonly (readonly [name: string, code: string])[] = [
  ['OpenAI', "import OpenAI from 'openai';\n"],
  ['Anthropic', "import Anthropic from '@anthropic-ai/sdk';\n"],
];

const declares = (code: string, name: string): boolean =>
  new RegExp(String.raw`^(?:export )?(?:const|let|function|class) ${name}\b|^import [^;]*\b${name}\b`, 'm').test(code);
const uses = (code: string, name: string): boolean =>
  new RegExp(String.raw`(?<![.'"\w/-])${name}\b(?!['":-])`).test(code) && !declares(code, name);
const declared = (code: string): string[] =>
  [...code.matchAll(/^(?:export )?(?:const|let|function|class) (\w+)/gm)].map(([, name = '']) => name);

/** The block below the blocks of its page that it goes on from, and what it takes for given. */
function completed(block: string, earlier: readonly string[]): string {
  const [latest, ...before] = earlier.toReversed();
  if (latest === undefined) {
    const given = GIVEN.filter(([name]) => uses(block, name)).map(([, code]) => code);
    return given.join('') + block;
  }
  const goesOn = declared(latest).some((name) => uses(block, name));
  return completed(goesOn ? latest + block : block, before.toReversed());
}

/** Each block of JavaScript of the page, as a module of its own. */
export function pageModules(page: string): PageModule[] {
  const blocks = codeBlocks(page).flatMap(({ language, code }) => (/^m?js$/.test(language) ? [code] : []));
  return blocks.map((block, i) => {
    const code = completed(block, blocks.slice(0, i));
    const routes = [...code.matchAll(/^app\.(get|post)\('([^']+)'/gm)].map(
      ([, method = '', path = '']) => [method.toUpperCase(), path] as const,
    );
    return {
      name: `${page} ${i + 1}`,
      code: routes.length > 0 ? `${code}\nglobalThis.app = app;\n` : code,
      routes,
      flows: routes.length + [...code.matchAll(/startFlow\(|startActiveSpan\(/g)].length,
    };
  });
}
