import { CARD } from '../../layout/tree-sizes';

/** The window on a drawing: the point at its top left, px at 100 %, and how many px one of them takes. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Width and height, px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of the drawing, px at 100 %. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** What a key or a button zooms by. */
export const ZOOM_STEP = 1.25;
const MAX_SCALE = 2;
/** Fitting never enlarges beyond this, so that a flow of two cards does not fill a wall. */
const MAX_FIT_SCALE = 1.25;
/** From this size on a panel is a wall, and read from afar, px. */
const WALL = { width: 1_920, height: 1_080 };
/** A drawing of 100,000 rows still fits. */
const MIN_SCALE = 1e-5;
/** A drawing that fits no larger than this across its short side can't be read, px. */
const LEAST_FIT_PX = 96;
/** Of the window's bottom, where the buttons stand: the lowest cards can be brought above it, px. */
const BOTTOM_PX = 36;
/** How far inside the window a node is brought, px. */
const SIGHT_MARGIN = 28;

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

export function fitScale(drawing: Size, window: Size): number {
  const cardsHeight = drawing.height - CARD.margin;
  const scale = Math.min(window.width / drawing.width, (window.height - BOTTOM_PX) / cardsHeight);
  return clamp(scale, MIN_SCALE, Math.max(MAX_FIT_SCALE, readingScale(window)));
}

/** How large a tree is at first: as it is, and larger on a wall. */
export function readingScale({ width, height }: Size): number {
  return clamp(Math.min(width / WALL.width, height / WALL.height), 1, MAX_SCALE);
}

/** All of the drawing, from its top left. */
export function fit(drawing: Size, window: Size): Camera {
  return clampCamera({ x: 0, y: 0, scale: fitScale(drawing, window) }, drawing, window);
}

/**
 * All of the drawing. One that is so long that all of it would be a line fits across its short side first, and whole when it is
 * asked for again.
 */
export function nextFit(camera: Camera, drawing: Size, window: Size): Camera {
  const all = fit(drawing, window);
  if (Math.min(drawing.width, drawing.height) * all.scale >= LEAST_FIT_PX) return all;
  const across = Math.max(window.width / drawing.width, window.height / drawing.height);
  const scale = Math.min(across, readingScale(window));
  if (Math.abs(camera.scale / scale - 1) < 0.01) return all;
  // What is in the middle of the window stays there.
  const shift = (1 / camera.scale - 1 / scale) / 2;
  const x = camera.x + window.width * shift;
  const y = camera.y + window.height * shift;
  return clampCamera({ x, y, scale }, drawing, window);
}

/** Within the drawing; what is smaller than the window stands at its top left. Zooming out ends where all is in sight. */
export function clampCamera({ x, y, scale }: Camera, drawing: Size, window: Size): Camera {
  const smallest = Math.min(1, fitScale(drawing, window));
  const clamped = clamp(scale, smallest, MAX_SCALE);
  const height = drawing.height + Math.max(0, BOTTOM_PX / clamped - CARD.margin);
  return {
    x: clamp(x, 0, Math.max(0, drawing.width - window.width / clamped)),
    y: clamp(y, 0, Math.max(0, height - window.height / clamped)),
    scale: clamped,
  };
}

/** Moves the window by so many px of the screen. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x + dx / camera.scale, y: camera.y + dy / camera.scale };
}

/** Zooms by a factor; what is under the point of the window, px, stays there. */
export function zoomAt(camera: Camera, factor: number, px: number, py: number, drawing: Size, window: Size): Camera {
  const smallest = Math.min(1, fitScale(drawing, window));
  const scale = clamp(camera.scale * factor, smallest, MAX_SCALE);
  return {
    x: camera.x + px / camera.scale - px / scale,
    y: camera.y + py / camera.scale - py / scale,
    scale,
  };
}

/** Moves along one axis as little as brings a range into sight; of one that is too long, its beginning. */
function reveal(from: number, length: number, start: number, extent: number, margin: number): number {
  const room = Math.min(margin, Math.max(0, (length - extent) / 2));
  if (start < from + room) return start - room;
  if (start + extent > from + length - room) return Math.min(start - room, start + extent + room - length);
  return from;
}

/** Moves as little as brings the box into sight, with some room around it where there is. */
export function makeVisible(camera: Camera, box: Box, window: Size): Camera {
  const margin = SIGHT_MARGIN / camera.scale;
  return {
    x: reveal(camera.x, window.width / camera.scale, box.x, box.width, margin),
    y: reveal(camera.y, window.height / camera.scale, box.y, box.height, margin),
    scale: camera.scale,
  };
}

/** Between two cameras; `part` from 0 to 1. */
export function between(a: Camera, b: Camera, part: number): Camera {
  const mix = (from: number, to: number): number => from + (to - from) * part;
  return { x: mix(a.x, b.x), y: mix(a.y, b.y), scale: mix(a.scale, b.scale) };
}
