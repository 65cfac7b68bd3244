import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { DataSourcePicker, getDataSourceSrv } from '@grafana/runtime';
import { Button, RadioButtonGroup, TimeRangePicker, useStyles2 } from '@grafana/ui';
import type { KeyboardEvent, ReactNode } from 'react';
import { EXPLORE_MODES, type ExploreMode } from './explore-address';
import { endsOf, movedBy, rangeOf, zoomedOut } from './explore-range';
import type { Explore } from './use-explore';

interface Props {
  explore: Explore;
  /** Ends what runs; undefined while nothing does. */
  onStop?: () => void;
  children?: ReactNode;
}

const MODE_LABELS: Record<ExploreMode, string> = { query: 'Query', variable: 'Variable', annotation: 'Annotation' };

/** Data source, kind of editor, time range and Run, and below them what is explored. Shift and Enter run as well. */
export function ExploreFrame({ explore, onStop, children }: Props) {
  const styles = useStyles2(getStyles);
  const { address, run } = explore;
  const range = rangeOf(address);
  const runOnShiftEnter = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && event.shiftKey) run();
  };
  return (
    <main className={styles.page} onKeyDown={runOnShiftEnter}>
      <div className={styles.toolbar}>
        <DataSourcePicker
          current={getDataSourceSrv().getInstanceSettings(address.dataSource || null)?.uid}
          noDefault
          width={30}
          onChange={({ uid }) => run({ dataSource: uid, query: undefined })}
        />
        <RadioButtonGroup
          aria-label="Explore as"
          options={EXPLORE_MODES.map((mode) => ({ value: mode, label: MODE_LABELS[mode] }))}
          value={address.mode}
          onChange={(mode) => run({ mode, query: undefined })}
        />
        <div className={styles.right}>
          <TimeRangePicker
            isOnCanvas
            value={range}
            onChange={(next) => run(endsOf(next))}
            onChangeTimeZone={() => {}}
            onMoveBackward={() => run(movedBy(-1, range))}
            onMoveForward={() => run(movedBy(1, range))}
            onZoom={() => run(zoomedOut(range))}
          />
          {onStop && (
            <Button variant="secondary" icon="square-shape" onClick={onStop}>
              Stop
            </Button>
          )}
          <Button icon="sync" onClick={() => run()}>
            Run query
          </Button>
        </div>
      </div>
      {children}
    </main>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    flexGrow: 1,
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5, 2, 2),
  }),
  toolbar: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1) }),
  right: css({ display: 'flex', gap: theme.spacing(1), marginLeft: 'auto' }),
});
