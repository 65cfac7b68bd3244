import { Icon, Toggletip, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { FlowNodes } from '../../frames/flow-nodes';
import { t } from '../../texts/t';
import { countFilters, type NodeFilters } from '../layout/query';
import { getButtonStyles } from './button-styles';
import { FilterForm } from './FilterForm';

interface Props {
  nodes: FlowNodes;
  filters: NodeFilters;
  isOpen: boolean;
  /** Only the sign and how many filters are set. */
  isSmall: boolean;
  onOpen: (isOpen: boolean) => void;
  onFilters: (filters: NodeFilters) => void;
}

/** How many filters are set, and the form that sets them. */
export function FilterButton({ nodes, filters, isOpen, isSmall, onOpen, onFilters }: Props) {
  const styles = useStyles2(getButtonStyles);
  const count = countFilters(filters);
  const label = count === 0 ? t('find.filter') : t('find.filters-set', { number: count });
  return (
    <Toggletip
      show={isOpen}
      onOpen={() => onOpen(true)}
      onClose={() => onOpen(false)}
      placement="bottom-end"
      closeButton={false}
      fitContent
      content={<FilterForm nodes={nodes} filters={filters} onFilters={onFilters} />}
    >
      <button
        type="button"
        className={styles.button}
        title={t('find.filter-by-key')}
        aria-label={label}
        aria-keyshortcuts="Shift+F"
        aria-haspopup="dialog"
        data-active={count > 0}
        data-testid="flow-filter"
      >
        <Icon name="filter" size="sm" />
        {!isSmall && t('find.filter')}
        {count > 0 && <span>{count}</span>}
      </button>
    </Toggletip>
  );
}
