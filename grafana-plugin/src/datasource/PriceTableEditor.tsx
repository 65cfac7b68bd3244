import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Field, FieldSet, FieldValidationMessage, IconButton, Input, useStyles2 } from '@grafana/ui';
import React from 'react';
import { DEFAULT_CURRENCY } from '../frames/prices';
import {
  currencyProblem,
  NO_PRICE,
  priceProblems,
  typedAmount,
  type PriceField,
  type PriceProblems,
  type PriceRow,
} from './price-rows';

interface Props {
  rows: readonly PriceRow[];
  currency: string | undefined;
  disabled: boolean;
  onRows: (rows: PriceRow[]) => void;
  onCurrency: (currency: string) => void;
}

const COLUMNS: readonly { field: PriceField; label: string; placeholder: string }[] = [
  { field: 'model', label: 'Model', placeholder: 'gpt-4o or gpt-4o*' },
  { field: 'input', label: 'Input', placeholder: '' },
  { field: 'output', label: 'Output', placeholder: '' },
  { field: 'cachedInput', label: 'Cached input', placeholder: 'as input' },
];

/** What models cost: one table for all panels and dashboards of this datasource. */
export function PriceTableEditor({ rows, currency, disabled, onRows, onCurrency }: Props) {
  const styles = useStyles2(getStyles);
  const problems = priceProblems(rows);
  const code = currency ?? DEFAULT_CURRENCY;
  const change = (at: number, row: PriceRow): void => onRows(rows.map((known, i) => (i === at ? row : known)));
  return (
    <FieldSet label="Prices">
      <p className={styles.hint}>
        Prices are for a million tokens. A name counts before a beginning with *, and a longer beginning before a
        shorter one. A row with a mistake is not used.
      </p>
      <Field label="Currency" invalid={currencyProblem(code) !== undefined} error={currencyProblem(code)}>
        <Input
          id="flow-price-currency"
          width={12}
          value={code}
          disabled={disabled}
          onChange={(event) => onCurrency(event.currentTarget.value.trim().toUpperCase())}
        />
      </Field>
      {rows.length > 0 && (
        <div className={styles.table} role="table" aria-label="Prices of models">
          <div className={styles.row} role="row">
            {COLUMNS.map(({ field, label }) => (
              <span key={field} role="columnheader" className={styles.heading}>
                {label}
              </span>
            ))}
            <span role="columnheader" aria-label="Remove" />
          </div>
          {rows.map((row, at) => (
            <Row
              key={at}
              row={row}
              at={at}
              problems={problems[at] ?? {}}
              disabled={disabled}
              onChange={(next) => change(at, next)}
              onRemove={() => onRows(rows.filter((_, i) => i !== at))}
            />
          ))}
        </div>
      )}
      <Button
        icon="plus"
        variant="secondary"
        type="button"
        disabled={disabled}
        onClick={() => onRows([...rows, NO_PRICE])}
      >
        Add a model
      </Button>
    </FieldSet>
  );
}

interface RowProps {
  row: PriceRow;
  at: number;
  problems: PriceProblems;
  disabled: boolean;
  onChange: (row: PriceRow) => void;
  onRemove: () => void;
}

function Row({ row, at, problems, disabled, onChange, onRemove }: RowProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.row} role="row">
      {COLUMNS.map(({ field, label, placeholder }) => {
        const problem = problems[field];
        const problemId = `flow-price-${at}-${field}-problem`;
        return (
          <span key={field} role="cell">
            <Input
              aria-label={`${label}, row ${at + 1}`}
              aria-describedby={problem === undefined ? undefined : problemId}
              value={row[field] ?? ''}
              placeholder={placeholder}
              inputMode={field === 'model' ? undefined : 'decimal'}
              disabled={disabled}
              invalid={problem !== undefined}
              onChange={(event) => {
                const text = event.currentTarget.value;
                onChange({ ...row, [field]: field === 'model' ? text : typedAmount(text.trim()) });
              }}
            />
            {problem !== undefined && (
              <span id={problemId}>
                <FieldValidationMessage>{problem}</FieldValidationMessage>
              </span>
            )}
          </span>
        );
      })}
      <span role="cell" className={styles.remove}>
        <IconButton
          name="trash-alt"
          aria-label={`Remove row ${at + 1}`}
          tooltip="Remove"
          disabled={disabled}
          onClick={onRemove}
        />
      </span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  hint: css({ color: theme.colors.text.secondary, maxWidth: 640 }),
  table: css({ marginBottom: theme.spacing(2), maxWidth: 760 }),
  row: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(160px, 2fr) repeat(3, minmax(90px, 1fr)) 32px',
    gap: theme.spacing(1),
    alignItems: 'start',
    marginBottom: theme.spacing(1),
  }),
  heading: css({ fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.secondary }),
  remove: css({ display: 'flex', height: theme.spacing(theme.components.height.md), alignItems: 'center' }),
});
