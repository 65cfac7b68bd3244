import type enUS from '../locales/en-US.json';

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
