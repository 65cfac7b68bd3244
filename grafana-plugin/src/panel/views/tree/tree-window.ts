import type { TreeLayout } from '../../layout/tree-layout';
import { between, makeVisible, readingScale, type Camera, type Size } from './camera';
import { boxOf, withCardInSight } from './sight';

const GLIDE_MS = 220;

/** What a person sees of a tree: it moves at once, or glides there. */
export interface TreeWindow {
  readonly camera: Camera;
  /** Where a glide ends; where the camera is while there is none. */
  readonly destination: Camera;
  readonly size: Size;
  /** What nobody has zoomed keeps its reading size: larger on a wall, also when the panel only grows to one. */
  resize(size: Size): void;
  /** At once; a glide ends. @returns whether anything has moved */
  moveTo(camera: Camera): boolean;
  glideTo(camera: Camera): void;
  /** Brings a card into sight, moving as little as it takes. */
  show(index: number, glides: boolean): void;
  /** Moves on to where a glide is by now, and back to a card if none is in sight. @returns whether it glides on */
  step(nowMs: number): boolean;
}

const isEmpty = ({ width, height }: Size): boolean => width === 0 || height === 0;

/** @param layoutNow the layout seen; another one when a flow was read anew */
export function createTreeWindow(layoutNow: () => TreeLayout): TreeWindow {
  let camera: Camera = { x: 0, y: 0, scale: 1 };
  let size: Size = { width: 0, height: 0 };
  let glide: { from: Camera; to: Camera; startMs: number | null } | null = null;
  const inSight = (to: Camera): Camera => (isEmpty(size) ? to : withCardInSight(to, layoutNow(), size));
  const moveTo = (to: Camera): boolean => {
    glide = null;
    const before = camera;
    camera = inSight(to);
    return camera.x !== before.x || camera.y !== before.y || camera.scale !== before.scale;
  };
  const glideTo = (to: Camera): void => {
    glide = { from: camera, to: inSight(to), startMs: null };
  };
  return {
    get camera() {
      return camera;
    },
    get destination() {
      return glide?.to ?? camera;
    },
    get size() {
      return size;
    },
    resize(to) {
      const isAsOpened = isEmpty(size) || camera.scale === readingScale(size);
      if (isAsOpened && !isEmpty(to)) camera = { ...camera, scale: readingScale(to) };
      size = to;
    },
    moveTo,
    glideTo,
    show(index, glides) {
      const to = makeVisible(glide?.to ?? camera, boxOf(layoutNow(), index), size);
      if (glides) glideTo(to);
      else moveTo(to);
    },
    step(nowMs) {
      if (glide === null) camera = inSight(camera);
      else {
        glide.startMs ??= nowMs;
        const part = Math.min(1, (nowMs - glide.startMs) / GLIDE_MS);
        camera = inSight(between(glide.from, glide.to, 1 - (1 - part) ** 3));
        if (part >= 1) glide = null;
      }
      return glide !== null;
    },
  };
}
