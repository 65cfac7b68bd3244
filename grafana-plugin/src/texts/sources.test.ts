import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import enUS from '../locales/en-US.json';
import type { Texts } from './keys';

const SRC = path.join(__dirname, '..');
/** Whose texts all come from the file. */
const ROOMS = ['panel', 'monitoring', 'app', 'datasource/queries', 'datasource/variables', 'datasource/health'].map(
  (name) => path.join(SRC, name, path.sep),
);

/** Texts that are no words of a language. */
const LITERAL = new Set([
  // Names of keys that the bar and the buttons show, which are the same on every keyboard.
  'e',
]);
const SHOWN_ATTRIBUTES = new Set([
  'title',
  'aria-label',
  'ariaLabel',
  'aria-description',
  'aria-valuetext',
  'label',
  'name',
  'placeholder',
  'tooltip',
  'description',
]);
/** Fields of what menus, options and empty panels show. */
const SHOWN_FIELDS = new Set(['label', 'title', 'hint', 'refusal', 'description', 'sentence', 'does', 'placeholder']);
/** Of these components, `name` is no text. */
const NAMED_BY_ICON = new Set(['Icon', 'IconButton']);

const TEXTS = new Map(entriesOf(enUS, ''));
const KEYS = new Set([...TEXTS.keys()].map((name) => name.replace(/_(?:one|other)$/, '')));

function entriesOf(texts: Texts, prefix: string): [string, string][] {
  return Object.entries(texts).flatMap(([name, text]) =>
    typeof text === 'string' ? [[prefix + name, text] as [string, string]] : entriesOf(text, `${prefix}${name}.`),
  );
}

const SOURCES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
  .map((file) => {
    const name = path.join(SRC, file);
    return ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, true);
  });

function visit(node: ts.Node, seen: (node: ts.Node) => void): void {
  seen(node);
  ts.forEachChild(node, (child) => visit(child, seen));
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${path.relative(SRC, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** What a call of `t` asks for: a key, or a pattern of keys where a part of it is put in. */
interface Asked {
  readonly keys: readonly RegExp[];
  readonly values: readonly string[] | null;
  readonly node: ts.CallExpression;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function patternsOf(key: ts.Expression): RegExp[] {
  if (ts.isStringLiteralLike(key)) return [new RegExp(`^${escaped(key.text)}$`)];
  if (ts.isConditionalExpression(key)) return [...patternsOf(key.whenTrue), ...patternsOf(key.whenFalse)];
  if (!ts.isTemplateExpression(key)) return [];
  const rest = key.templateSpans.map(({ literal }) => `[^.]+${escaped(literal.text)}`);
  return [new RegExp(`^${escaped(key.head.text)}${rest.join('')}$`)];
}

/** Names of what is put in; null where that can't be read here. */
function namesOf(values: ts.Expression | undefined): string[] | null {
  if (values === undefined) return [];
  if (!ts.isObjectLiteralExpression(values)) return null;
  return values.properties.some(ts.isSpreadAssignment)
    ? null
    : values.properties.map((property) => property.name?.getText() ?? '');
}

const ASKED: Asked[] = [];
for (const source of SOURCES) {
  visit(source, (node) => {
    if (!ts.isCallExpression(node) || node.expression.getText() !== 't') return;
    const [key, values] = node.arguments;
    if (key !== undefined) ASKED.push({ keys: patternsOf(key), values: namesOf(values), node });
  });
}

describe('the texts', () => {
  it('are asked for by keys that can be read from the sources', () => {
    expect(ASKED.filter(({ keys }) => keys.length === 0).map(({ node }) => placeOf(node))).toEqual([]);
    expect(ASKED.length).toBeGreaterThan(300);
  });

  it('are all there', () => {
    const missing = ASKED.filter(({ keys }) => keys.some((key) => ![...KEYS].some((name) => key.test(name))));
    expect(missing.map(({ node }) => `${placeOf(node)} ${node.getText()}`)).toEqual([]);
  });

  it('are all used', () => {
    const used = ASKED.flatMap(({ keys }) => keys);
    expect([...KEYS].filter((name) => !used.some((key) => key.test(name)))).toEqual([]);
  });

  it('get a value for each of their places', () => {
    const places = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
    const wrong = ASKED.filter(({ keys, values }) => {
      if (values === null) return false;
      const asked = [...TEXTS].filter(([name]) => keys.some((key) => key.test(name.replace(/_(?:one|other)$/, ''))));
      const needed = new Set(asked.flatMap(([, text]) => places(text)));
      return (
        [...needed].some((name) => !values.includes(name)) ||
        values.some((name) => name !== 'count' && !needed.has(name))
      );
    });
    expect(wrong.map(({ node }) => `${placeOf(node)} ${node.getText()}`)).toEqual([]);
  });

  it('are all that the panel shows: no component and no menu has a text of its own', () => {
    const own: string[] = [];
    const take = (node: ts.Node, text: string): void => {
      // A name behind a dollar is a variable's, which is the same in every language.
      if (/\p{L}/u.test(text) && !LITERAL.has(text.trim()) && !/^\$\w+$/.test(text.trim()))
        own.push(`${placeOf(node)} ${text.trim()}`);
    };
    for (const source of SOURCES) {
      if (!ROOMS.some((room) => source.fileName.startsWith(room))) continue;
      visit(source, (node) => {
        if (ts.isJsxText(node)) take(node, node.text);
        else if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
          const holder = shownBy(node);
          if (holder) take(node, wordsOf(node));
        }
      });
    }
    expect(own).toEqual([]);
  });
});

function wordsOf(node: ts.StringLiteralLike | ts.TemplateExpression): string {
  if (!ts.isTemplateExpression(node)) return node.text;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ');
}

/** Whether a literal is what an element, an attribute or a field shows: itself, or as one of several that it chooses from. */
function shownBy(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isJsxAttribute(parent)) return isShown(parent);
  if (ts.isPropertyAssignment(parent)) return node === parent.initializer && SHOWN_FIELDS.has(parent.name.getText());
  if (ts.isJsxExpression(parent)) return ts.isJsxAttribute(parent.parent) ? isShown(parent.parent) : true;
  if (ts.isConditionalExpression(parent)) return node !== parent.condition && shownBy(parent);
  if (ts.isParenthesizedExpression(parent)) return shownBy(parent);
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  const chooses =
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken;
  return chooses && node === parent.right && shownBy(parent);
}

function isShown(attribute: ts.JsxAttribute): boolean {
  const name = attribute.name.getText();
  if (!SHOWN_ATTRIBUTES.has(name)) return false;
  return name !== 'name' || !NAMED_BY_ICON.has(attribute.parent.parent.tagName.getText());
}
