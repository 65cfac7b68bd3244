import { css } from '@emotion/css';
import { cacheFieldDisplayNames, PanelPlugin, type DataFrame, type PanelProps } from '@grafana/data';
import { TableCellDisplayMode, TableCellHeight, type TableSortByFieldState } from '@grafana/schema';
import { TableNG } from '@grafana/ui/unstable';
import { NoData } from './panel-note';
import { registerCustomFields } from './register-custom-fields';

interface TableOptions {
  showHeader?: boolean;
  cellHeight?: TableCellHeight;
  sortBy?: TableSortByFieldState[];
  frameIndex?: number;
  enablePagination?: boolean;
}

/** Grafana's table panel, as a wrapper over its table component. */
export function tablePanel(): PanelPlugin {
  return new PanelPlugin<TableOptions>(TablePanel).useFieldConfig({
    useCustomConfig: (builder) =>
      registerCustomFields(builder, {
        align: 'auto',
        cellOptions: { type: TableCellDisplayMode.Auto },
        filterable: false,
        hidden: false,
        hideFrom: undefined,
        inspect: false,
        minWidth: undefined,
        width: undefined,
        wrapHeaderText: false,
      }),
  }) as PanelPlugin;
}

function TablePanel({ data, width, height, options, fieldConfig, timeRange, title }: PanelProps<TableOptions>) {
  // As Grafana's own panel does: the table reads the names from there.
  cacheFieldDisplayNames(data.series);
  const frame: DataFrame | undefined = data.series[options.frameIndex ?? 0] ?? data.series[0];
  if (!frame || frame.fields.length === 0 || frame.length === 0) return <NoData fieldConfig={fieldConfig} />;
  return (
    <div className={styles.clip} style={{ width, height }}>
      <TableNG
        ariaLabel={title}
        data={frame}
        width={width}
        height={height}
        noHeader={options.showHeader === false}
        cellHeight={options.cellHeight ?? TableCellHeight.Sm}
        sortBy={options.sortBy}
        enablePagination={options.enablePagination}
        fieldConfig={fieldConfig}
        timeRange={timeRange}
        structureRev={data.structureRev}
        resizable
      />
    </div>
  );
}

const styles = { clip: css({ overflow: 'hidden' }) };
