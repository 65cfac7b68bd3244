import { testForest } from '../../layout/test-forest';
import { createTreeLayout } from '../../layout/tree-layout';
import { readingScale } from './camera';
import { createTreeWindow } from './tree-window';

const DESK = { width: 1_100, height: 700 };
const WALL = { width: 3_500, height: 1_900 };

function openWindow() {
  const layout = createTreeLayout(testForest([null, 0, 0]).forest);
  layout.update(new Set());
  const window = createTreeWindow(() => layout);
  // React draws once before it knows the size.
  window.resize({ width: 0, height: 0 });
  return window;
}

describe('the window of a tree', () => {
  it('is read from further away on a wall, when it is opened there and when it grows to one', () => {
    expect(readingScale(WALL)).toBeGreaterThan(1.5);
    const opened = openWindow();
    opened.resize(WALL);
    expect(opened.camera.scale).toBe(readingScale(WALL));
    const grown = openWindow();
    grown.resize(DESK);
    expect(grown.camera.scale).toBe(1);
    grown.resize(WALL);
    expect(grown.camera.scale).toBe(readingScale(WALL));
    grown.resize(DESK);
    expect(grown.camera.scale).toBe(1);
  });

  it('keeps the zoom that a person chose', () => {
    const window = openWindow();
    window.resize(DESK);
    window.moveTo({ x: 0, y: 0, scale: 1.2 });
    window.resize(WALL);
    expect(window.camera.scale).toBe(1.2);
  });
});
