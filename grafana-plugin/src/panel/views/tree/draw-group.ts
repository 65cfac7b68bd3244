import { t } from '../../../texts/t';
import type { GroupSummary } from '../../layout/fold-group';
import { CARD } from '../../layout/tree-sizes';
import type { Pen } from '../../pen';
import { groupWords, STACKED } from './group-card';
import { FOLD_RADIUS, foldAt, TEXT, type Scene } from './scene';

type Context = Pen;

const RADIUS = 3;
const STEP = STACKED / 2;

/** The cards behind a group's card, of which two edges show. */
export function drawStack(context: Context, { palette }: Scene, x: number, y: number, color: string): void {
  for (const step of [2, 1]) {
    const offset = step * STEP;
    context.beginPath();
    context.roundRect(x + offset, y + offset, CARD.width, CARD.height, RADIUS);
    context.fillStyle = palette.card;
    context.fill();
    context.strokeStyle = palette.border;
    context.lineWidth = 1;
    context.stroke();
    context.fillStyle = color;
    context.fillRect(x + offset, y + CARD.height, 3, offset);
  }
}

/** How many there are and what they typically take; below it what they call, how many run or failed, and the longest. */
export function drawGroupTexts(context: Context, scene: Scene, group: GroupSummary, x: number, y: number): void {
  const { palette, fitText } = scene;
  const words = groupWords(group, palette.looks);
  const write = (text: string, font: string, color: string, atX: number, atY: number): void => {
    context.font = font;
    context.fillStyle = color;
    context.fillText(text, x + atX, y + atY);
  };
  const widthOf = (text: string): number => fitText(context, text, palette.detailFont, CARD.width).width;
  const room = TEXT.right - TEXT.left;
  const typical = fitText(context, words.typical, palette.durationFont, room);
  write(typical.text, palette.durationFont, palette.text, TEXT.right - typical.width, TEXT.nameY);
  const title = fitText(context, words.title, palette.nameFont, room - typical.width - TEXT.gap);
  write(title.text, palette.nameFont, palette.text, TEXT.left, TEXT.nameY);

  // From the right: what must not be cut first, the name has what is left.
  let left = TEXT.right;
  const put = (text: string, color: string): void => {
    if (text === '') return;
    left -= widthOf(text);
    write(text, palette.detailFont, color, left, TEXT.detailY);
    left -= TEXT.gap;
  };
  if (words.running.length === 0) put(words.longest, palette.detail);
  put(words.failed, palette.error);
  const nameWidth = Math.min(widthOf(words.name), room / 3);
  const fits = words.running.find((text) => widthOf(text) + TEXT.gap + nameWidth <= left - TEXT.left);
  put(fits ?? words.running.at(-1) ?? '', palette.text);
  const name = fitText(context, words.name, palette.detailFont, left - TEXT.left);
  write(name.text, palette.detailFont, palette.detail, TEXT.left, TEXT.detailY);
}

/** Above the upper edge of the first card of an open group: a pill that folds them again. */
export function drawFoldAgain(context: Context, scene: Scene, index: number): void {
  const { layout, palette } = scene;
  const count = layout.folds.openAt(index)?.members.length;
  if (count === undefined) return;
  const label = t('group.fold', { number: count > 999 ? '999+' : count });
  const { width } = scene.fitText(context, label, palette.countFont, CARD.width);
  const { x, y } = foldAt(layout, index);
  context.beginPath();
  context.roundRect(x - width / 2 - 5, y - FOLD_RADIUS, width + 10, 2 * FOLD_RADIUS, FOLD_RADIUS);
  context.fillStyle = palette.ground;
  context.fill();
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.stroke();
  context.fillStyle = palette.text;
  context.font = palette.countFont;
  context.fillText(label, x - width / 2, y + 3.3);
}
