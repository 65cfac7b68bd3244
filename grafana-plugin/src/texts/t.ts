import enUS from '../locales/en-US.json';
import type { T, Texts, Values } from './keys';
import { createNumbers } from './numbers';

/** Every language there is a file for. */
const FILES: Readonly<Record<string, Texts>> = { 'en-US': enUS };

const NONE: Values = {};

type Fill = string | ((values: Values) => string);

const filled = (fill: Fill, values: Values): string => (typeof fill === 'string' ? fill : fill(values));

function lookUp(texts: Texts | undefined, key: string): string | undefined {
  const found = key
    .split('.')
    .reduce<string | Texts | undefined>((at, name) => (at as Texts | undefined)?.[name], texts);
  return typeof found === 'string' ? found : undefined;
}

/** The language itself where there is a file for it; English otherwise. */
export function languageOf(asked: string | undefined, files = FILES): string {
  return asked !== undefined && Object.hasOwn(files, asked) ? asked : 'en-US';
}

/** What the language's file does not have is told in English. */
export function createT(language: string, files = FILES): T {
  const numbers = createNumbers(language);
  const plurals = new Intl.PluralRules(language);
  const textOf = (key: string): string | undefined => lookUp(files[language], key) ?? lookUp(enUS, key);

  const compile = (text: string): Fill => {
    const parts = text.split(/\{\{(\w+)\}\}/);
    if (parts.length === 1) return text;
    const told = (value: string | number = ''): string => (typeof value === 'number' ? numbers.plain(value) : value);
    return (values) => parts.reduce((all, part, i) => all + (i % 2 === 0 ? part : told(values[part])), '');
  };
  const compileKey = (key: string): Fill => {
    const text = textOf(key);
    if (text !== undefined) return compile(text);
    const forms = new Map<string, Fill>();
    for (const form of plurals.resolvedOptions().pluralCategories) {
      forms.set(form, compile(textOf(`${key}_${form}`) ?? textOf(`${key}_other`) ?? key));
    }
    return (values) => filled(forms.get(plurals.select(Number(values['count']))) ?? key, values);
  };

  const fills = new Map<string, Fill>();
  return (key: string, values: Values = NONE) => {
    let fill = fills.get(key);
    if (fill === undefined) fills.set(key, (fill = compileKey(key)));
    return filled(fill, values);
  };
}

/** Of this, @grafana/runtime's `config` is made, which nothing without a window can import. */
declare const grafanaBootData: { user?: { language?: string } } | undefined;

/** Grafana's, where the panel has it. */
export const language = languageOf(typeof grafanaBootData === 'undefined' ? undefined : grafanaBootData.user?.language);

export const t = createT(language);
