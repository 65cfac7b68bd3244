import { ATTRIBUTES, type CheckpointStatus, type JsonValue } from '@flow-tracking/protocol';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, IconButton, useStyles2, useTheme2 } from '@grafana/ui';
import React, { useEffect, useRef } from 'react';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { flowStatusText } from '../format';
import { clockTimeMs } from '../time-format';
import { toJson } from '../to-json';
import { Elapsed } from './Elapsed';
import { useLooks } from './looks-context';
import { StatusIcon } from './StatusIcon';

interface Props {
  flow: PanelFlow;
  node: PanelNode;
  timeZone: string;
  /** Stands below the view, which makes room, rather than beside it. */
  sheet: boolean;
  onClose: () => void;
}

/** A value in a narrow column. */
function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : toJson(value);
}

/** Why a node has ended that the application did not end. */
function unendedText(status: CheckpointStatus): string {
  return status === 'lost' ? 'its process died before it ended' : 'ended with the flow, not by the application';
}

/** All that is known of one node. */
export function NodeDetails({ flow, node, timeZone, sheet, onClose }: Props) {
  const theme = useTheme2();
  const looks = useLooks();
  const styles = useStyles2(getStyles);
  const time = (ts: number): string => clockTimeMs(ts, timeZone);
  const closer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (sheet) closer.current?.querySelector('button')?.focus();
  }, [sheet]);
  const attributes = Object.entries(node.attributes).filter(([name]) => name !== ATTRIBUTES.unended);
  return (
    <aside
      className={styles.drawer}
      data-sheet={sheet}
      aria-label={`Details of ${node.checkpoint}`}
      data-testid="flow-node-details"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className={styles.head} ref={closer}>
        <span className={styles.bar} style={{ background: looks.color(theme, node.checkpoint) }} />
        <h4 className={styles.title}>{node.checkpoint}</h4>
        <StatusIcon status={node.status} />
        <IconButton name="times" aria-label="Close details" tooltip="Close" onClick={onClose} />
      </div>
      {node.error !== null && (
        <p className={styles.error}>
          <strong>{node.error.type}</strong> {node.error.message}
        </p>
      )}
      <dl className={styles.rows}>
        <Row name="Status" value={flowStatusText(node.status)} />
        {node.status === 'running' && flow.status !== 'running' && (
          <Row name="Note" value={`the flow has ended (${flowStatusText(flow.status)}), this has not`} />
        )}
        {node.attributes[ATTRIBUTES.unended] === true && <Row name="Note" value={unendedText(node.status)} />}
        <Row name="Started" value={time(node.startedTs)} />
        {node.endedTs !== null && <Row name="Ended" value={time(node.endedTs)} />}
        <div className={styles.row}>
          <dt>Duration</dt>
          <dd>
            {node.status === 'lost' ? (
              'unknown'
            ) : (
              <Elapsed
                startedTs={node.startedTs}
                durationMs={node.status === 'running' ? null : (node.durationMs ?? 0)}
              />
            )}
          </dd>
        </div>
        <Row name="Node" value={node.parentId === null ? node.id : `${node.id} below ${node.parentId}`} />
        {flow.traceId !== null && <Row name="Trace" value={flow.traceId} />}
      </dl>
      {attributes.length > 0 && <h5 className={styles.heading}>Attributes</h5>}
      <dl className={styles.rows}>
        {attributes.map(([name, value]) => (
          <Row key={name} name={name} value={valueText(value)} />
        ))}
      </dl>
      <ClipboardButton
        className={styles.copy}
        size="sm"
        variant="secondary"
        icon="copy"
        getText={() => toJson({ flow_id: flow.id, ...node })}
      >
        Copy JSON
      </ClipboardButton>
    </aside>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.row}>
      <dt title={name}>{name}</dt>
      <dd title={value}>{value}</dd>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  drawer: css({
    // More where there is more room, so that fewer values are cut.
    width: 'clamp(264px, 16%, 480px)',
    flex: 'none',
    overflowY: 'auto',
    padding: theme.spacing(1, 1.5),
    fontSize: theme.typography.bodySmall.fontSize,
    background: theme.colors.background.primary,
    borderLeft: `1px solid ${theme.colors.border.weak}`,
    "&[data-sheet='true']": {
      width: 'auto',
      maxHeight: '50%',
      borderLeft: 'none',
      borderTop: `1px solid ${theme.colors.border.medium}`,
    },
  }),
  head: css({ display: 'flex', alignItems: 'center', gap: 8, marginBottom: theme.spacing(1) }),
  bar: css({ width: 4, height: 16, borderRadius: 2, flex: 'none' }),
  title: css({ margin: 0, flex: 1, minWidth: 0, overflowWrap: 'anywhere', fontSize: 14, lineHeight: 1.3 }),
  heading: css({ margin: theme.spacing(1.5, 0, 0.5), fontSize: 12, color: theme.colors.text.secondary }),
  error: css({ color: theme.colors.error.text, margin: 0, paddingBottom: theme.spacing(1), overflowWrap: 'anywhere' }),
  rows: css({ margin: 0 }),
  row: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(1.5),
    padding: theme.spacing(0.5, 0),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '& dt': {
      flex: '0 1 auto',
      minWidth: 60,
      color: theme.colors.text.secondary,
      fontWeight: theme.typography.fontWeightRegular,
      overflowWrap: 'anywhere',
    },
    '& dd': {
      margin: 0,
      minWidth: 0,
      textAlign: 'right',
      overflowWrap: 'anywhere',
      maxHeight: 120,
      overflowY: 'auto',
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: 11.5,
    },
  }),
  copy: css({ marginTop: theme.spacing(1.5) }),
});
