import { placeOfMap } from './map-place';

const VIEW = { width: 900, height: 600 };
const MAP = { width: 190, height: 130 };
const card = (x: number, y: number) => ({ x, y, width: 188, height: 44 });

describe('the place of the map', () => {
  it('is the other end when it covers the card', () => {
    expect(placeOfMap('bottom', card(700, 540), MAP, VIEW)).toBe('top');
    expect(placeOfMap('bottom', card(530, 440), MAP, VIEW)).toBe('top');
    expect(placeOfMap('top', card(700, 20), MAP, VIEW)).toBe('bottom');
  });

  it('stays the same where it covers nothing, and for a card out of sight', () => {
    for (const place of ['top', 'bottom'] as const) {
      expect(placeOfMap(place, card(700, 300), MAP, VIEW)).toBe(place);
      expect(placeOfMap(place, card(100, place === 'top' ? 20 : 540), MAP, VIEW)).toBe(place);
      expect(placeOfMap(place, card(700, 700), MAP, VIEW)).toBe(place);
      expect(placeOfMap(place, card(1_000, 20), MAP, VIEW)).toBe(place);
    }
  });

  it('stays the same where both ends would cover it', () => {
    expect(placeOfMap('bottom', card(700, 60), MAP, { width: 900, height: 180 })).toBe('bottom');
  });
});
