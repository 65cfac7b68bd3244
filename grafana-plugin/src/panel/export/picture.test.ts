import { fitCanvas } from './picture';

const caption = { lines: ['x'], width: 300, height: 60 };

describe('fitCanvas', () => {
  it('draws twice as sharp where there is room', () => {
    expect(fitCanvas({ width: 800, height: 400 }, caption)).toEqual({ scale: 1, ratio: 2, width: 1600, height: 920 });
  });

  it('is never narrower than its caption', () => {
    expect(fitCanvas({ width: 100, height: 100 }, caption).width).toBe(600);
  });

  it('gives up sharpness before size', () => {
    expect(fitCanvas({ width: 800, height: 12_000 }, caption)).toMatchObject({ scale: 1, ratio: 1 });
  });

  it.each([
    { width: 200, height: 5_800_000 },
    { width: 100_000, height: 60_000 },
    { width: 16_000, height: 16_000 },
  ])('makes %j as large as a canvas can be, and no larger', (picture) => {
    const { scale, width, height } = fitCanvas(picture, caption);
    expect(scale).toBeLessThan(1);
    expect(Math.max(width, height)).toBeLessThanOrEqual(16_384);
    expect(width * height).toBeLessThanOrEqual(50_000_000);
    expect(Math.max(width / 16_384, height / 16_384, (width * height) / 50_000_000)).toBeGreaterThan(0.99);
  });
});
