import { t } from '../../texts/t';
import type { Figures } from '../components/figures-context';
import type { Failures } from '../layout/failures';
import type { Folds } from '../layout/folds';
import { NONE, type Forest } from '../layout/forest';
import type { Matches } from '../layout/matches';
import { createTreeLayout } from '../layout/tree-layout';
import { AXES } from '../layout/tree-sizes';
import type { TreeDirection } from '../options';
import { draw, drawCards } from '../views/tree/draw';
import type { FitText } from '../views/tree/fit-text';
import { createPaintPixels } from '../views/tree/paint-pixels';
import type { Palette } from '../views/tree/palette';
import { detailAt, type Scene } from '../views/tree/scene';
import type { Picture } from './picture';

/** What a picture is drawn from. */
export interface Shown {
  readonly forest: Forest;
  readonly failures: Failures;
  readonly folds: Folds;
  readonly figures: Figures;
  /** Of nothing: a picture fades nothing. */
  readonly matches: Matches;
  readonly direction: TreeDirection;
  readonly collapsed: ReadonlySet<string>;
  readonly palette: Palette;
  readonly fitText: FitText;
  /** The servers' time, epoch ms. */
  readonly nowTs: number;
}

/** An SVG of more cards than these is too much for whoever opens it: they become bars. */
const MOST_CARDS = 4_000;
/** A scale at which cards are bars. */
const BAR_SCALE = 0.2;

/** All of the tree, as the view draws it. */
export function treePicture(shown: Shown): Picture {
  const { forest, failures, folds, figures, matches, direction, collapsed, palette, fitText, nowTs } = shown;
  const layout = createTreeLayout(forest, folds, AXES[direction]);
  layout.update(collapsed);
  const { width, height, size } = layout;
  const sceneAt = (scale: number): Scene => ({
    layout,
    palette,
    fitText,
    failures,
    matches,
    figures,
    collapsed,
    selected: NONE,
    hovered: NONE,
    camera: { x: 0, y: 0, scale },
    window: { width: width * scale, height: height * scale },
    nowTs,
    angle: -Math.PI / 2,
  });
  const hidden = forest.size - size;
  return {
    width,
    height,
    vectorScale: size > MOST_CARDS ? BAR_SCALE : 1,
    notes: hidden > 0 ? [t('export.folded', { count: hidden })] : [],
    draw(pen, scale, ratio) {
      const detail = detailAt(scale);
      drawCards(pen, sceneAt(scale), ratio, detail === 'pixels' ? 'bar' : detail);
    },
    paint(context, scale, ratio) {
      draw(context, sceneAt(scale), ratio, createPaintPixels());
    },
  };
}
