import { isCurrency, readAmount } from '../frames/prices';

/** A row of the table of prices as it is edited: an amount that is no number yet stands as it was typed. */
export interface PriceRow {
  readonly model: string;
  readonly input: number | string;
  readonly output: number | string;
  readonly cachedInput?: number | string | null;
}

export type PriceField = keyof PriceRow;

/** What is wrong with a row, by field, in words for people. */
export type PriceProblems = Partial<Record<PriceField, string>>;

export const NO_PRICE: PriceRow = { model: '', input: '', output: '', cachedInput: null };

/** Keeps a number as a number, and what is not one yet (`0.`) as it was typed. */
export function typedAmount(text: string): number | string {
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
}

function modelProblem(rows: readonly PriceRow[], at: number): string | undefined {
  const model = rows[at]?.model.trim() ?? '';
  if (model === '') return 'Name a model.';
  if (model.slice(0, -1).includes('*')) return 'A * stands only at the end of a name.';
  const first = rows.findIndex((row) => row.model.trim() === model);
  return first < at ? `Row ${first + 1} has this model already.` : undefined;
}

function amountProblem(value: number | string | null | undefined, isNeeded: boolean): string | undefined {
  if (value === null || value === undefined || value === '') return isNeeded ? 'Enter a price; 0 is one.' : undefined;
  const amount = readAmount(value);
  if (amount === null) return 'A price is a number, such as 2.5.';
  return amount < 0 ? 'A price can’t be negative.' : undefined;
}

/** One entry a row, empty for a row that can be used. */
export function priceProblems(rows: readonly PriceRow[]): PriceProblems[] {
  return rows.map((row, at) => {
    const found: Record<PriceField, string | undefined> = {
      model: modelProblem(rows, at),
      input: amountProblem(row.input, true),
      output: amountProblem(row.output, true),
      cachedInput: amountProblem(row.cachedInput, false),
    };
    return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined));
  });
}

export function currencyProblem(currency: string): string | undefined {
  return isCurrency(currency) ? undefined : 'A currency is a code of three letters, such as USD.';
}
