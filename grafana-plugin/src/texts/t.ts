import enUS from '../locales/en-US.json';

/** A file of `locales/`, or a room of it. */
export type Texts = { readonly [name: string]: string | Texts };
export type Values = Readonly<Record<string, string | number>>;

type PathsOf<T> = { [N in keyof T & string]: T[N] extends string ? N : `${N}.${PathsOf<T[N]>}` }[keyof T & string];
type Path = PathsOf<typeof enUS>;

/** Keys whose text hangs on a count: the file has them with the endings `_one` and `_other`. */
export type CountedKey = Path extends infer P ? (P extends `${infer Key}_other` ? Key : never) : never;
export type TextKey = Exclude<Path, `${CountedKey}_${Intl.LDMLPluralRule}`>;

/** Gives the text of a key. Numbers are written as the language writes them, and texts as they are. */
export interface T {
  (key: TextKey, values?: Values): string;
  (key: CountedKey, values: Values & { readonly count: number }): string;
}

/** Every language there is a file for. */
const FILES: Readonly<Record<string, Texts>> = { 'en-US': enUS };

type Fill = string | ((values: Values) => string);

const filled = (fill: Fill, values: Values): string => (typeof fill === 'string' ? fill : fill(values));

function lookUp(texts: Texts | undefined, key: string): string | undefined {
  const found = key
    .split('.')
    .reduce<string | Texts | undefined>((at, name) => (at as Texts | undefined)?.[name], texts);
  return typeof found === 'string' ? found : undefined;
}

/** @param asked a language without a file is told in English; so is each text that its file does not have */
export function createT(asked: string | undefined, files = FILES): T {
  const language = asked !== undefined && Object.hasOwn(files, asked) ? asked : 'en-US';
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  const textOf = (key: string): string | undefined => lookUp(files[language], key) ?? lookUp(enUS, key);

  const compile = (text: string): Fill => {
    const parts = text.split(/\{\{(\w+)\}\}/);
    if (parts.length === 1) return text;
    const told = (value: string | number = ''): string => (typeof value === 'number' ? numbers.format(value) : value);
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
  return (key: string, values: Values = {}) => {
    let fill = fills.get(key);
    if (fill === undefined) fills.set(key, (fill = compileKey(key)));
    return filled(fill, values);
  };
}

/** Of this, @grafana/runtime's `config` is made, which nothing without a window can import. */
declare const grafanaBootData: { user?: { language?: string } } | undefined;

/** In Grafana's language. */
export const t: T = createT(typeof grafanaBootData === 'undefined' ? undefined : grafanaBootData.user?.language);
