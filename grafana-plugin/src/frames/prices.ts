import { modelsOf, usageOf, type Attributes, type ModelCalls, type Usage } from '@flow-tracking/protocol';

/** What a model costs, for a million tokens. */
export interface ModelPrice {
  /** Its name, or the beginning of names with a `*` at the end. */
  readonly model: string;
  readonly input: number;
  readonly output: number;
  /** Of input that came from a cache; as any other input when it is not given. */
  readonly cachedInput?: number | null;
}

/** One table for a datasource. Plain data: it is kept in the datasource's settings and in frames. */
export interface PriceTable {
  /** Code of ISO 4217, such as `USD`. */
  readonly currency: string;
  readonly models: readonly ModelPrice[];
}

export const DEFAULT_CURRENCY = 'USD';
const PER_TOKENS = 1_000_000;

/** A number as settings have it, which may be text: as it was typed, or from an environment variable. Null for none. */
export function readAmount(value: unknown): number | null {
  if (typeof value === 'string' && value.trim() !== '') return readAmount(Number(value));
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function readPriceAmount(value: unknown): number | null {
  const amount = readAmount(value);
  return amount !== null && amount >= 0 ? amount : null;
}

/** A code that amounts can be formatted with. */
export function isCurrency(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Za-z]{3}$/.test(code);
}

/** `$`, `€`; the code itself where there is none. */
export function currencySymbol(code: string): string {
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency: code, currencyDisplay: 'narrowSymbol' });
  return parts.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? code;
}

function readPrice(row: unknown): ModelPrice[] {
  if (typeof row !== 'object' || row === null) return [];
  const { model, ...given } = row as Partial<Record<keyof ModelPrice, unknown>>;
  const [input, output] = [readPriceAmount(given.input), readPriceAmount(given.output)];
  if (typeof model !== 'string' || model.trim() === '' || input === null || output === null) return [];
  return [{ model: model.trim(), input, output, cachedInput: readPriceAmount(given.cachedInput) }];
}

/** Reads the settings, which may have been written by hand: rows that are no prices are left out. Null without prices. */
export function readPrices({ prices, currency }: { prices?: unknown; currency?: unknown }): PriceTable | null {
  const models = Array.isArray(prices) ? prices.flatMap(readPrice) : [];
  if (models.length === 0) return null;
  return { currency: isCurrency(currency) ? currency.toUpperCase() : DEFAULT_CURRENCY, models };
}

/** The row of that very name, else the one of the longest beginning of it. */
export function priceOf({ models }: PriceTable, model: string): ModelPrice | null {
  let best: ModelPrice | null = null;
  for (const row of models) {
    if (row.model === model) return row;
    const isLonger = best === null || row.model.length > best.model.length;
    if (row.model.endsWith('*') && isLonger && model.startsWith(row.model.slice(0, -1))) best = row;
  }
  return best;
}

/** The cost of a node's own tokens, in the table's currency; null where it has none, or its model no price. */
export type CostOf = (attributes: Attributes) => number | null;

function costOfUsage({ input, cachedInput, output }: Usage, price: ModelPrice): number {
  const cached = cachedInput * (price.cachedInput ?? price.input);
  return ((input - cachedInput) * price.input + cached + output * price.output) / PER_TOKENS;
}

/** What calls cost, summed up by model; null when none of the models has a price. */
export function createCostOfCalls(table: PriceTable | null): (calls: readonly ModelCalls[]) => number | null {
  if (table === null) return () => null;
  return (calls) =>
    calls.reduce<number | null>((sum, { model, input_tokens, cached_input_tokens, output_tokens }) => {
      const price = priceOf(table, model);
      if (price === null) return sum;
      const usage = { input: input_tokens, cachedInput: cached_input_tokens, output: output_tokens };
      return (sum ?? 0) + costOfUsage(usage, price);
    }, null);
}

/** Looks each model up once: nodes are many and models few. */
export function createCostOf(table: PriceTable | null): CostOf {
  if (table === null) return () => null;
  const known = new Map<string, ModelPrice | null>();
  const lookUp = (model: string): ModelPrice | null => {
    let price = known.get(model);
    if (price === undefined) known.set(model, (price = priceOf(table, model)));
    return price;
  };
  return (attributes) => {
    const usage = usageOf(attributes);
    if (usage === null) return null;
    for (const model of modelsOf(attributes)) {
      const price = lookUp(model);
      if (price === null) continue;
      return costOfUsage(usage, price);
    }
    return null;
  };
}
