import { seededRandom } from '../../../../../protocol/src/testing/sample-events';
import { between, clampCamera, fit, makeVisible, nextFit, pan, readingScale, zoomAt, type Camera } from './camera';

const WINDOW = { width: 800, height: 400 };
const DRAWING = { width: 4_000, height: 2_000 };
const camera = (x: number, y: number, scale = 1): Camera => ({ x, y, scale });

describe('a camera', () => {
  it('fits all of a drawing, and enlarges a small one only a little', () => {
    expect(fit({ width: 4_000, height: 1_000 }, WINDOW)).toEqual(camera(0, 0, 0.2));
    expect(fit(DRAWING, WINDOW)).toEqual(camera(0, 0, 364 / 1_980));
    expect(fit({ width: 100, height: 50 }, WINDOW).scale).toBe(1.25);
    expect(fit({ width: 1_000, height: 6e6 }, WINDOW).scale).toBeCloseTo(364 / 6e6, 9);
  });

  it('fits a long drawing across its short side first, then whole, and across again', () => {
    const long = { width: 200_000, height: 800 };
    const across = nextFit(camera(50_000, 0), long, WINDOW);
    expect(across).toEqual(camera(50_000 + 400 - 800, 0, 0.5));
    const whole = nextFit(across, long, WINDOW);
    expect(whole).toEqual(fit(long, WINDOW));
    expect(nextFit(whole, long, WINDOW).scale).toBe(0.5);
    expect(nextFit(camera(0, 50_000, 0.5), { width: 800, height: 200_000 }, WINDOW)).toEqual(camera(0, 50_200, 1));
    expect(nextFit(camera(0, 0), DRAWING, WINDOW)).toEqual(fit(DRAWING, WINDOW));
  });

  it.each([1, 0.5, 2])('can bring the lowest card above the buttons at the bottom (at %d)', (scale) => {
    const lowest = DRAWING.height - 20;
    const { y } = clampCamera(camera(0, 9_999, scale), DRAWING, WINDOW);
    expect((lowest - y) * scale).toBeLessThanOrEqual(WINDOW.height - 36);
    const all = fit(DRAWING, WINDOW);
    expect((lowest - all.y) * all.scale).toBeLessThanOrEqual(WINDOW.height - 36);
  });

  it('stays within the drawing', () => {
    expect(clampCamera(camera(-50, 9_999), DRAWING, WINDOW)).toEqual(camera(0, 1_616));
    expect(clampCamera(camera(10, 10), { width: 300, height: 200 }, WINDOW)).toEqual(camera(0, 0));
    expect(clampCamera(camera(0, 0, 0.01), DRAWING, WINDOW).scale).toBe(364 / 1_980);
    expect(clampCamera(camera(0, 0, 50), DRAWING, WINDOW).scale).toBe(2);
  });

  it('pans by px of the screen', () => {
    expect(pan(camera(100, 100, 0.5), 10, -20)).toEqual(camera(120, 60, 0.5));
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))('zooms around a point, which stays (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const from = camera(random() * 1_000, random() * 1_000, 0.3 + random());
    const [px, py] = [random() * WINDOW.width, random() * WINDOW.height];
    const to = zoomAt(from, 0.5 + random() * 4, px, py, DRAWING, WINDOW);
    expect(to.scale).not.toBe(from.scale);
    expect(to.x + px / to.scale).toBeCloseTo(from.x + px / from.scale, 6);
    expect(to.y + py / to.scale).toBeCloseTo(from.y + py / from.scale, 6);
  });

  it('moves as little as brings a box into sight', () => {
    const size = { width: 188, height: 44 };
    const here = camera(100, 100);
    expect(makeVisible(here, { x: 300, y: 200, ...size }, WINDOW)).toEqual(here);
    expect(makeVisible(here, { x: 1_000, y: 200, ...size }, WINDOW)).toEqual(camera(1_000 + 188 + 28 - 800, 100));
    expect(makeVisible(here, { x: 300, y: 20, ...size }, WINDOW)).toEqual(camera(100, -8));
    const narrow = makeVisible(here, { x: 500, y: 200, ...size }, { width: 100, height: 400 });
    expect(narrow.x).toBe(500);
  });

  it('glides between two places', () => {
    expect(between(camera(0, 0, 1), camera(100, 50, 2), 0.5)).toEqual(camera(50, 25, 1.5));
  });
});

describe('readingScale', () => {
  it('is 1 up to a large screen, and grows with a wall until cards are twice as large', () => {
    expect(readingScale({ width: 300, height: 200 })).toBe(1);
    expect(readingScale({ width: 1_920, height: 1_080 })).toBe(1);
    expect(readingScale({ width: 3_840, height: 1_620 })).toBe(1.5);
    expect(readingScale({ width: 20_000, height: 10_000 })).toBe(2);
  });
});
