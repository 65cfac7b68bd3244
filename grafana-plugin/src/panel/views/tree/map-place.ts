import type { Box, Size } from './camera';

/** The end of the right side of the view where the minimap lies. */
export type MapPlace = 'top' | 'bottom';

/**
 * The map stays where it lies until it covers a card there; then it goes to the other end.
 *
 * @param card px of the view
 * @param map with the room around it
 */
export function placeOfMap(now: MapPlace, card: Box, map: Size, view: Size): MapPlace {
  const isRight = card.x + card.width > view.width - map.width && card.x < view.width;
  const isAtTop = card.y < map.height && card.y + card.height > 0;
  const isAtBottom = card.y + card.height > view.height - map.height && card.y < view.height;
  if (!isRight || isAtTop === isAtBottom) return now;
  return isAtTop ? 'bottom' : 'top';
}
