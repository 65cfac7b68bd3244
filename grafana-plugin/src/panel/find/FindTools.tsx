import { Icon, useStyles2 } from '@grafana/ui';
import React, { type Dispatch } from 'react';
import { t } from '../../texts/t';
import type { Overlay } from '../state/panel-keys';
import type { PanelAction, PanelState } from '../state/panel-state';
import { getButtonStyles } from './button-styles';
import { FilterButton } from './FilterButton';
import { failuresOnlyRefusal } from './find-menu';
import { LevelButton } from './LevelButton';
import { SearchBox } from './SearchBox';
import type { Find } from './use-find';

/** How much room the header has: all buttons with their texts, signs of some with the rest in the menu, or the menu alone. */
export type FindRoom = 'wide' | 'tight' | 'none';

interface Props {
  find: Find;
  state: PanelState;
  room: FindRoom;
  open: Overlay | null;
  /** Another number whenever the search is to take the focus. */
  summons: number;
  dispatch: Dispatch<PanelAction>;
  onOpen: (overlay: Overlay | null) => void;
  /** The focus goes to the view. */
  onView: () => void;
}

/** Whether the search stands open: it does as long as it dims anything. */
export function isSearching(open: Overlay | null, { search }: Pick<PanelState, 'search'>): boolean {
  return open === 'search' || search !== '';
}

/** Search, filter, failures only and levels, in the header. */
export function FindTools({ find, state, room, open, summons, dispatch, onOpen, onView }: Props) {
  const styles = useStyles2(getButtonStyles);
  const { rule, steps, forest } = find;
  const refusal = failuresOnlyRefusal(find);
  const isFiltered = state.nodeFilters.checkpoints.length + state.nodeFilters.statuses.length > 0;
  const hasFilter = room !== 'none' || open === 'filter' || isFiltered || state.nodeFilters.minMs !== null;
  return (
    <>
      {isSearching(open, state) ? (
        <SearchBox
          find={find}
          text={state.search}
          summons={summons}
          onText={(text) => dispatch({ type: 'search', text })}
          onClose={() => onOpen(null)}
          onLeave={() => {
            onOpen(null);
            onView();
          }}
          onView={onView}
        />
      ) : (
        room !== 'none' && (
          <button
            type="button"
            className={styles.button}
            title={t('find.search-by-key')}
            aria-label={t('find.search')}
            aria-keyshortcuts="/"
            data-testid="flow-search-open"
            onClick={() => onOpen('search')}
          >
            <Icon name="search" size="sm" />
            {room === 'wide' && (
              <>
                {t('find.search')} <kbd className={styles.key}>/</kbd>
              </>
            )}
          </button>
        )
      )}
      {hasFilter && (
        <FilterButton
          nodes={forest.nodes}
          filters={state.nodeFilters}
          isOpen={open === 'filter'}
          isSmall={room !== 'wide'}
          onOpen={(isOpen) => onOpen(isOpen ? 'filter' : null)}
          onFilters={(filters) => dispatch({ type: 'filterNodes', filters })}
        />
      )}
      {room === 'wide' && (
        <>
          <button
            type="button"
            className={styles.button}
            title={refusal ?? t('find.failures-only-in-full')}
            aria-pressed={rule?.kind === 'failures'}
            aria-disabled={refusal !== null}
            aria-keyshortcuts="x"
            data-testid="flow-failures-only"
            onClick={steps.toggleFailuresOnly}
          >
            {t('find.failures-only')}
          </button>
          <LevelButton rule={rule} onLevel={(level) => steps.collapse({ kind: 'level', level })} />
        </>
      )}
    </>
  );
}
