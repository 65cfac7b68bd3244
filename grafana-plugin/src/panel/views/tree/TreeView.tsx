import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { t } from '../../../texts/t';
import { useClockOffset, useFrozenTs, useShownTs } from '../../components/clock-context';
import { useLooks } from '../../components/looks-context';
import { NONE } from '../../layout/forest';
import { useReducedMotion } from '../../use-reduced-motion';
import { useTabStop } from '../use-tab-stop';
import type { ViewProps } from '../view-props';
import { Minimap } from './Minimap';
import { hitTest } from './hit-test';
import { createPalette } from './palette';
import { keyEffect, windowKey } from './tree-keys';
import { TreeMirror } from './TreeMirror';
import { useCanvas } from './use-canvas';
import { useCardActs } from './use-card-acts';
import { useGestures } from './use-gestures';
import { useMirror } from './use-mirror';
import { useSize } from './use-size';
import { useTreeModel } from './use-tree-model';
import { windowActs } from './window-acts';
import { ZoomButtons } from './ZoomButtons';

/** Below this height there is no room for buttons and a map. */
const ROOMY_PX = 180;

/**
 * The flow as a tree on a canvas: what follows stands to the right, what belongs to a node stands beneath it; top-down it is
 * the other way about.
 */
export function TreeView(props: ViewProps) {
  const { flow, forest, folds, direction, failures, matches, selectedId, selections, collapsed, following } = props;
  const { minimap, takesFocus, onSelect, onAct } = props;
  const theme = useTheme2();
  const looks = useLooks();
  const styles = useStyles2(getStyles);
  const calm = useReducedMotion();
  const offsetMs = useClockOffset();
  const frozenTs = useFrozenTs();
  const shownTs = useShownTs();
  const root = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(root);
  const model = useTreeModel(folds, direction, collapsed);
  const { layout, window } = model;
  const palette = useMemo(() => createPalette(theme, looks), [theme, looks]);
  const [hovered, setHovered] = useState(NONE);
  /** The followed or selected node, which the map must not cover. */
  const watched = useRef(NONE);

  const indexOf = (id: string | null): number => (id === null ? NONE : (forest.nodes.indexOf(id) ?? NONE));
  const idOf = (index: number): string => forest.nodes.list[index]?.id ?? '';
  const stop = useTabStop({
    holder: mirror,
    selectedId,
    selections,
    followedId: following ? (forest.nodes.list[model.followed()]?.id ?? null) : null,
    takesFocus,
    shownOf: (id) => forest.nodes.list[model.shown(indexOf(id))]?.id ?? null,
  });
  const entry = indexOf(stop.id);
  window.resize(size);

  const { mirrored, origin, allInSight, onFrame } = useMirror({
    layout,
    window,
    entry,
    flow,
    collapsed,
    size,
    mirror,
    frame,
    watched,
  });
  const redraw = useCanvas({
    canvas,
    model,
    palette,
    collapsed,
    selected: indexOf(selectedId),
    hovered,
    calm,
    offsetMs,
    frozenTs,
    shownTs,
    failures,
    matches,
    onFrame,
  });
  // Whatever was rendered anew is drawn anew.
  useLayoutEffect(redraw);

  const { toggle, fold } = useCardActs({ ...props, model });

  useEffect(() => {
    if (size.width === 0) return;
    const shown = following ? model.followed() : (forest.nodes.indexOf(selectedId ?? '') ?? NONE);
    watched.current = NONE;
    if (shown === NONE || !layout.isPlaced(shown)) return;
    watched.current = shown;
    window.show(shown, !calm);
    redraw();
    // The details that a selection opens take room from the tree, so a new size counts; what arrives does only if followed.
  }, [following ? flow : null, following, selectedId, selections, size, calm, model, forest, layout, window, redraw]);

  const acts = windowActs({ model, calm, redraw, onAct });
  const hover = (x: number, y: number): void => setHovered(hitTest(layout, x, y).card);
  const atStop = useRef(stop.isAt);
  atStop.current = stop.isAt;
  const onFocus = useCallback((index: number) => atStop.current(forest.nodes.list[index]?.id ?? ''), [forest]);
  const gestures = useGestures({
    element: root,
    layout,
    window,
    onMove: acts.moveTo,
    onHover: hover,
    onLeave: () => setHovered(NONE),
  });

  const pointOf = (event: React.MouseEvent<HTMLElement>): { x: number; y: number } => {
    const at = event.currentTarget.getBoundingClientRect();
    const { camera } = window;
    return {
      x: camera.x + (event.clientX - at.left) / camera.scale,
      y: camera.y + (event.clientY - at.top) / camera.scale,
    };
  };
  const onClick = (event: React.MouseEvent<HTMLElement>): void => {
    // A click without a pointer comes from an assistive technology: it means the element.
    if (event.detail === 0) {
      const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-node-id]') : null;
      const id = element?.dataset['nodeId'];
      if (id === undefined) return;
      if (folds.closedAt(indexOf(id)) !== null) fold(indexOf(id));
      else onSelect(id);
      return;
    }
    const { x, y } = pointOf(event);
    const { card, part } = hitTest(layout, x, y);
    if (card === NONE) return;
    stop.goTo(idOf(card));
    if (part === 'toggle') toggle(card);
    else if (part === 'fold' || folds.closedAt(card) !== null) fold(card);
    else if (part === 'card') {
      onAct();
      onSelect(idOf(card));
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || entry === NONE) return;
    const effect = keyEffect(folds, direction, entry, event.key, (index) => collapsed.has(idOf(index)));
    if (effect !== null && 'toggle' in effect) toggle(effect.toggle);
    else if (effect !== null && 'fold' in effect) fold(effect.fold);
    else if (effect !== null) {
      onAct();
      stop.goTo(idOf(effect.go));
      window.show(effect.go, !calm);
      redraw();
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (folds.closedAt(entry) !== null) fold(entry);
      else {
        onAct();
        onSelect(idOf(entry));
      }
    } else if (!acts.press(windowKey(event.key))) return;
    event.preventDefault();
  };
  const roomy = size.height >= ROOMY_PX;

  return (
    <div
      ref={root}
      className={styles.root}
      data-hovers={hovered !== NONE}
      data-testid="flow-tree"
      {...gestures}
      onClick={onClick}
      onKeyDown={onKeyDown}
      onDoubleClick={(event) => {
        const { x, y } = pointOf(event);
        if (hitTest(layout, x, y).card === NONE) acts.fit();
      }}
    >
      <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
      <div
        ref={mirror}
        className={styles.mirror}
        role="tree"
        aria-label={flow.name === '' ? t('views.tree-unnamed') : t('views.tree', { flow: flow.name })}
      >
        <TreeMirror
          layout={layout}
          matches={matches}
          indices={mirrored}
          originX={origin.x}
          originY={origin.y}
          selectedId={selectedId}
          collapsed={collapsed}
          focused={entry}
          onFocus={onFocus}
        />
      </div>
      {roomy && <ZoomButtons onZoom={acts.zoom} onFit={acts.fit} />}
      {minimap && roomy && !allInSight && (
        <Minimap
          layout={layout}
          window={window}
          palette={palette}
          failures={failures}
          matches={matches}
          version={flow}
          frame={frame}
          onMove={acts.centerOn}
        />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({
    position: 'relative',
    flex: 1,
    minHeight: 0,
    minWidth: 0,
    overflow: 'clip',
    touchAction: 'none',
    userSelect: 'none',
    cursor: 'grab',
    background: theme.colors.background.primary,
    "&[data-hovers='true']": { cursor: 'pointer' },
    '&:active': { cursor: 'grabbing' },
  }),
  canvas: css({ position: 'absolute', left: 0, top: 0, display: 'block' }),
  mirror: css({ position: 'absolute', left: 0, top: 0, width: 0, height: 0, transformOrigin: '0 0' }),
});
