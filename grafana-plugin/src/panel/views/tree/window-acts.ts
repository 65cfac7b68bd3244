import { clampCamera, nextFit, ZOOM_STEP, zoomAt, type Camera } from './camera';
import type { WindowKey } from './tree-keys';
import type { TreeModel } from './use-tree-model';

interface Options {
  readonly model: TreeModel;
  /** It does not glide. */
  readonly calm: boolean;
  readonly redraw: () => void;
  readonly onAct: () => void;
}

/** What a person does with the window on the tree, whichever key, button or gesture it is done by. */
export function windowActs({ model, calm, redraw, onAct }: Options) {
  const { layout, window } = model;
  const moveTo = (camera: Camera): boolean => {
    const moved = window.moveTo(camera);
    if (moved) {
      onAct();
      redraw();
    }
    return moved;
  };
  const glideTo = (camera: Camera): void => {
    onAct();
    if (calm) window.moveTo(camera);
    else window.glideTo(clampCamera(camera, layout, window.size));
    redraw();
  };
  // From where a glide ends, so that two quick presses do as much as two slow ones.
  const zoom = (factor: number): void => {
    const { destination, size } = window;
    glideTo(zoomAt(destination, factor, size.width / 2, size.height / 2, layout, size));
  };
  const fit = (): void => glideTo(nextFit(window.destination, layout, window.size));
  return {
    moveTo,
    /** Brings a point of the drawing into the middle. */
    centerOn(this: void, x: number, y: number): void {
      const { scale } = window.camera;
      moveTo({ x: x - window.size.width / scale / 2, y: y - window.size.height / scale / 2, scale });
    },
    zoom,
    fit,
    /** @returns whether the key does something */
    press(this: void, key: WindowKey | null): boolean {
      if (key === 'zoomIn') zoom(ZOOM_STEP);
      else if (key === 'zoomOut') zoom(1 / ZOOM_STEP);
      else if (key === 'zoomReset') zoom(1 / window.destination.scale);
      else if (key === 'fit') fit();
      return key !== null;
    },
  };
}
