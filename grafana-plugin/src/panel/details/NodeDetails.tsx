import { ATTRIBUTES } from '@flow-tracking/protocol';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useEffect, useMemo, useRef } from 'react';
import type { PastFigures } from '../../frames/history';
import type { FlowLink } from '../../frames/links';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import type { Failures } from '../layout/failures';
import { causeOf } from '../layout/failure-cause';
import { NONE, type Forest } from '../layout/forest';
import { namesTo } from '../layout/node-path';
import { toJson } from '../to-json';
import { AttributeTable } from './AttributeTable';
import { readChat } from './chat';
import { ChatTurns } from './ChatTurns';
import { DetailsHead } from './DetailsHead';
import { ErrorBlock } from './ErrorBlock';
import { FiguresBlock } from './FiguresBlock';
import { IdsAndLinks } from './IdsAndLinks';
import { notesOf } from './notes';
import { limitsOf, type Placement } from './placement';
import { Separator } from './Separator';
import { findStack } from './stack';
import { useDetailsSize } from './use-details-size';

/** Names of nodes above that fit the head. */
const MOST_NAMES = 4;
/** From this width on prompt, answer and attributes stand in two columns. */
const TWO_COLUMNS_PX = 620;

interface Props {
  flow: PanelFlow;
  forest: Forest;
  failures: Failures;
  node: PanelNode;
  /** Of checkpoints of its name; null when nothing is known. */
  history: PastFigures | null;
  /** That the dashboard puts on its row. */
  links: readonly FlowLink[];
  timeZone: string;
  placement: Placement;
  /** Of the panel, px. */
  room: { readonly width: number; readonly height: number };
  hasRail: boolean;
  /** Shows another node of the flow. */
  onGo: (index: number) => void;
  onClose: () => void;
  /** A person opened it, not a link. */
  isAsked: boolean;
}

/** All that is known of one node. It stands where it does not cover that node, if there is any room. */
export function NodeDetails(props: Props) {
  const { flow, forest, node, placement, room, hasRail, isAsked, onClose } = props;
  const styles = useStyles2(getStyles);
  const root = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const limits = limitsOf(placement, room, hasRail);
  const [size, setSize] = useDetailsSize(placement, limits);

  useEffect(() => {
    // Whoever opened it goes on in it; one that a link opened takes nobody's focus.
    if (placement !== 'side' && isAsked) {
      root.current?.querySelector<HTMLElement>('[data-testid="flow-details-head"] button')?.focus();
    }
  }, [placement, isAsked]);
  useEffect(() => {
    if (body.current !== null) body.current.scrollTop = 0;
  }, [node.id]);

  const index = forest.nodes.indexOf(node.id) ?? NONE;
  const parent = forest.parentOf(index);
  const style = placement === 'side' ? { width: size } : placement === 'sheet' ? { height: size } : undefined;
  return (
    <aside
      ref={root}
      className={styles.details}
      data-placement={placement}
      style={style}
      aria-label={t('details.title', { checkpoint: node.checkpoint })}
      data-testid="flow-node-details"
      data-node={node.id}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      {placement !== 'full' && (
        <Separator isBeside={placement === 'side'} size={size} limits={limits} onSize={setSize} />
      )}
      <div data-testid="flow-details-head">
        <DetailsHead
          node={node}
          above={parent === NONE ? '' : namesTo(forest, parent, MOST_NAMES).join(' › ')}
          isOver={placement === 'full'}
          getJson={() => toJson({ flow_id: flow.id, ...node })}
          onClose={onClose}
        />
      </div>
      <div ref={body} className={styles.body}>
        <Body key={node.id} {...props} index={index} />
      </div>
    </aside>
  );
}

function Body({ flow, forest, failures, node, index, history, links, timeZone, onGo }: Props & { index: number }) {
  const styles = useStyles2(getStyles);
  const { attributes, error } = node;
  const stack = useMemo(() => findStack(error, attributes), [error, attributes]);
  const chat = useMemo(() => readChat(attributes), [attributes]);
  const left = useMemo(
    () => new Set([ATTRIBUTES.unended, ...chat.used, ...(stack?.attribute != null ? [stack.attribute] : [])]),
    [chat, stack],
  );
  const cause = causeOf(forest, failures, index);
  const notes = notesOf(flow, node, forest.brokenOf(index));
  const hasError = error !== null || stack !== null || cause !== NONE;
  const ids: (readonly [string, string])[] = [[t('details.ids-of.node'), node.id]];
  if (node.parentId !== null) ids.push([t('details.ids-of.parent'), node.parentId]);
  ids.push([t('details.ids-of.flow'), flow.id]);
  if (flow.traceId !== null) ids.push([t('details.ids-of.trace'), flow.traceId]);
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        {hasError && (
          <ErrorBlock
            error={error}
            stack={stack?.text ?? null}
            cause={cause === NONE ? null : { name: namesTo(forest, cause, 1).at(-1) ?? '', onGo: () => onGo(cause) }}
          />
        )}
        {notes.map((note) => (
          <p key={note} className={styles.note}>
            {note}
          </p>
        ))}
        <FiguresBlock flow={flow} forest={forest} node={node} timeZone={timeZone} history={history} />
        <ChatTurns turns={chat.turns} />
      </div>
      <div className={styles.column}>
        <AttributeTable attributes={attributes} left={left} />
        <IdsAndLinks ids={ids} links={uniqueLinks([...links, ...flow.links()])} />
      </div>
    </div>
  );
}

function uniqueLinks(links: readonly FlowLink[]): FlowLink[] {
  return [...new Map(links.map((link) => [`${link.href} ${link.title}`, link])).values()];
}

const getStyles = (theme: GrafanaTheme2) => ({
  details: css({
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    flex: 'none',
    minWidth: 0,
    minHeight: 0,
    containerType: 'inline-size',
    fontSize: theme.typography.bodySmall.fontSize,
    background: theme.colors.background.primary,
    "&[data-placement='side']": { borderLeft: `1px solid ${theme.colors.border.weak}` },
    "&[data-placement='sheet']": { borderTop: `1px solid ${theme.colors.border.medium}` },
    "&[data-placement='full']": { position: 'absolute', inset: 0, zIndex: 2 },
  }),
  body: css({ flex: 1, minHeight: 0, overflowY: 'auto', overflowX: 'hidden', padding: theme.spacing(1.25, 1.5) }),
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2, 3),
    [`@container (min-width: ${TWO_COLUMNS_PX}px)`]: { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)' },
  }),
  column: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), minWidth: 0 }),
  note: css({ margin: 0, color: theme.colors.text.secondary }),
});
