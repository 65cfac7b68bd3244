import { CHECKPOINT_STATUSES } from '@flow-tracking/protocol';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useId, useState } from 'react';
import type { FlowNodes } from '../../frames/flow-nodes';
import { t } from '../../texts/t';
import { useLooks } from '../components/looks-context';
import { StatusIcon } from '../components/StatusIcon';
import { flowStatusText, formatCount } from '../format';
import { createCensus } from '../layout/census';
import { countFilters, NO_FILTERS, parseDuration, type NodeFilters } from '../layout/query';
import { useGrown } from '../use-grown';
import { getFilterStyles } from './filter-styles';

interface Props {
  nodes: FlowNodes;
  filters: NodeFilters;
  onFilters: (filters: NodeFilters) => void;
}

/** The list with the item, or without it when it was there. */
function toggled<T>(list: readonly T[], item: T): readonly T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}

interface ChipProps {
  text: string;
  count: number;
  isOn: boolean;
  onClick: () => void;
  children: React.ReactNode;
}

function Chip({ text, count, isOn, onClick, children }: ChipProps) {
  const styles = useStyles2(getFilterStyles);
  return (
    <button type="button" className={styles.chip} aria-pressed={isOn} onClick={onClick}>
      {children}
      <span className={styles.text}>{text}</span>
      <span className={styles.count}>{formatCount(count)}</span>
    </button>
  );
}

function MinimumField({ filters, onFilters }: Omit<Props, 'nodes'>) {
  const styles = useStyles2(getFilterStyles);
  const { minMs } = filters;
  const [text, setText] = useState(minMs === null ? '' : t('format.milliseconds', { ms: `${minMs}` }));
  const errorId = useId();
  const isValid = text.trim() === '' || parseDuration(text) !== null;
  return (
    <>
      <input
        type="text"
        className={styles.input}
        value={text}
        placeholder={t('find.least-duration-example')}
        aria-label={t('find.least-duration-field')}
        aria-invalid={!isValid}
        aria-describedby={errorId}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setText(next);
          onFilters({ ...filters, minMs: parseDuration(next) });
        }}
      />
      <span id={errorId} role="status" className={styles.error}>
        {!isValid && t('find.least-duration-wrong')}
      </span>
    </>
  );
}

/** Which checkpoints of the flow stand out. */
export function FilterForm({ nodes, filters, onFilters }: Props) {
  const theme = useTheme2();
  const looks = useLooks();
  const styles = useStyles2(getFilterStyles);
  const [resets, setResets] = useState(0);
  const census = useGrown(nodes, createCensus);
  const countOf = (name: string): number => census?.checkpoints.get(name) ?? 0;
  // Those that were chosen in another flow are there, too: else nobody could take them off.
  const names = [...new Set([...(census?.checkpoints.keys() ?? []), ...filters.checkpoints])];
  names.sort((a, b) => countOf(b) - countOf(a) || (a < b ? -1 : 1));
  const statuses = CHECKPOINT_STATUSES.filter(
    (status) => census?.statuses.has(status) === true || filters.statuses.includes(status),
  );
  return (
    <div className={styles.form} data-testid="flow-filter-form">
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t('find.checkpoint')}</legend>
        <div className={styles.chips}>
          {names.map((name) => (
            <Chip
              key={name}
              text={name}
              count={countOf(name)}
              isOn={filters.checkpoints.includes(name)}
              onClick={() => onFilters({ ...filters, checkpoints: toggled(filters.checkpoints, name) })}
            >
              <span className={styles.mark} style={{ background: looks.color(theme, name) }} />
            </Chip>
          ))}
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t('find.status')}</legend>
        <div className={styles.chips}>
          {statuses.map((status) => (
            <Chip
              key={status}
              text={flowStatusText(status)}
              count={census?.statuses.get(status) ?? 0}
              isOn={filters.statuses.includes(status)}
              onClick={() => onFilters({ ...filters, statuses: toggled(filters.statuses, status) })}
            >
              <StatusIcon status={status} />
            </Chip>
          ))}
        </div>
      </fieldset>
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t('find.least-duration')}</legend>
        <MinimumField key={resets} filters={filters} onFilters={onFilters} />
      </fieldset>
      <button
        type="button"
        className={styles.reset}
        aria-disabled={countFilters(filters) === 0}
        onClick={() => {
          onFilters(NO_FILTERS);
          setResets(resets + 1);
        }}
      >
        {t('find.reset')}
      </button>
    </div>
  );
}
