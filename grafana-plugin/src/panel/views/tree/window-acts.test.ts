import { createTreeLayout } from '../../layout/tree-layout';
import { testForest } from '../../layout/test-forest';
import { ZOOM_STEP } from './camera';
import { createTreeWindow } from './tree-window';
import type { TreeModel } from './use-tree-model';
import { windowActs } from './window-acts';

function openTree() {
  const layout = createTreeLayout(testForest(Array.from({ length: 60 }, () => null)).forest);
  layout.update(new Set());
  const window = createTreeWindow(() => layout);
  window.resize({ width: 900, height: 600 });
  const acts = windowActs({
    model: { layout, window } as unknown as TreeModel,
    calm: false,
    redraw: () => undefined,
    onAct: () => undefined,
  });
  return { window, acts };
}

describe('what is done to the window of a tree', () => {
  it('adds up, though the glide before has not ended', () => {
    const { window, acts } = openTree();
    acts.zoom(ZOOM_STEP);
    window.step(0);
    window.step(20);
    acts.zoom(ZOOM_STEP);
    window.step(40);
    window.step(1_000);
    expect(window.camera.scale).toBeCloseTo(ZOOM_STEP ** 2);
    acts.zoom(1 / ZOOM_STEP);
    acts.press('zoomReset');
    window.step(2_000);
    window.step(3_000);
    expect(window.camera.scale).toBeCloseTo(1);
  });
});
