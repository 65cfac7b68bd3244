import type { CheckpointFigures } from '@flow-tracking/protocol';
import { costUnit } from '../../../frames/columns';
import { createCostOfCalls, type PriceTable } from '../../../frames/prices';
import { t } from '../../../texts/t';
import type { Figure } from '../../types';

/** How a figure reads. */
export interface FigureKind {
  readonly unit: string;
  /** What a slot has in which nothing ended; null: nothing can be told. */
  readonly ofNothing: 0 | null;
  /** Whether a checkpoint that has nothing but zeros tells nothing: most are no model calls. */
  readonly isZeroNothing?: boolean;
  value(this: void, figures: CheckpointFigures): number | null;
}

export const figureText = (figure: Figure): string => t(`queries.figures.${figure}`);

/** @param prices without them nothing has a cost */
export function createFigures(prices: PriceTable | null): Readonly<Record<Figure, FigureKind>> {
  const costOf = createCostOfCalls(prices);
  const amount = (name: 'count' | 'errors' | 'input_tokens' | 'output_tokens'): FigureKind => ({
    unit: 'short',
    ofNothing: 0,
    value: (figures) => figures[name],
  });
  const time = (
    name:
      'p50_ms' | 'p95_ms' | 'p99_ms' | 'mean_ms' | 'first_chunk_p50_ms' | 'first_chunk_p95_ms' | 'first_chunk_p99_ms',
  ): FigureKind => ({ unit: 'ms', ofNothing: null, value: (figures) => figures[name] });
  return {
    rate: { unit: 'ops', ofNothing: 0, value: (figures) => figures.rate },
    count: amount('count'),
    errors: amount('errors'),
    error_rate: { unit: 'percentunit', ofNothing: null, value: (figures) => figures.error_rate },
    p50_ms: time('p50_ms'),
    p95_ms: time('p95_ms'),
    p99_ms: time('p99_ms'),
    mean_ms: time('mean_ms'),
    input_tokens: { ...amount('input_tokens'), isZeroNothing: true },
    output_tokens: { ...amount('output_tokens'), isZeroNothing: true },
    first_chunk_p50_ms: time('first_chunk_p50_ms'),
    first_chunk_p95_ms: time('first_chunk_p95_ms'),
    first_chunk_p99_ms: time('first_chunk_p99_ms'),
    cost: {
      unit: prices === null ? 'short' : costUnit(prices),
      ofNothing: null,
      value: ({ models }) => costOf(models),
    },
  };
}
