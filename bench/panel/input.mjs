import { setTimeout as delay } from 'node:timers/promises';

/** @typedef {import('./panel-page.mjs').PanelPage} PanelPage */

const FRAME_MS = 1000 / 60;
const CTRL = 2;
/** In the middle of the view, past the list of flows. */
const POINT = { x: 800, y: 480 };
const DRAG_PX = 15;
/** A drag begins anew when the pointer is this far from where it began. */
const DRAG_REACH_PX = 300;

/** Sends one event a frame, or fewer when the page is late to take them. @param {number} frames @param {(i: number) => Promise<unknown>} send */
async function eachFrame(frames, send) {
  const startedMs = performance.now();
  let nextMs = startedMs;
  while (performance.now() - startedMs < frames * FRAME_MS) {
    await send(Math.floor((performance.now() - startedMs) / FRAME_MS));
    nextMs = Math.max(nextMs + FRAME_MS, performance.now());
    await delay(Math.max(0, nextMs - performance.now()));
  }
}

/** @param {PanelPage} panel @param {{ deltaX?: number, deltaY?: number, modifiers?: number }} by */
const wheel = ({ session }, { deltaX = 0, deltaY = 0, modifiers = 0 }) =>
  session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', ...POINT, deltaX, deltaY, modifiers });

/**
 * Down and up again, right and left again: the view moves wherever it has room, and stays where there are nodes.
 *
 * @param {PanelPage} panel
 * @param {number} px a frame
 * @param {number} frames
 */
export function scroll(panel, px, frames) {
  const legs = [{ deltaY: px }, { deltaY: -px }, { deltaX: px }, { deltaX: -px }];
  return eachFrame(frames, (i) => wheel(panel, legs[Math.floor((i / frames) * legs.length) % legs.length] ?? {}));
}

/** Out and in again. @param {PanelPage} panel @param {number} frames */
export function zoom(panel, frames) {
  return eachFrame(frames, (i) =>
    wheel(panel, { deltaY: Math.floor((i / frames) * 4) % 2 === 0 ? 60 : -60, modifiers: CTRL }),
  );
}

/** As far out as it goes. @param {PanelPage} panel */
export const zoomOut = (panel) => eachFrame(90, () => wheel(panel, { deltaY: 240, modifiers: CTRL }));

/** Back and forth over the view. @param {PanelPage} panel @param {number} frames */
export async function drag({ session }, frames) {
  const mouse = (/** @type {'mousePressed' | 'mouseMoved' | 'mouseReleased'} */ type, /** @type {number} */ by) =>
    session.send('Input.dispatchMouseEvent', {
      type,
      x: POINT.x - by,
      y: POINT.y - by / 2,
      button: 'left',
      buttons: type === 'mouseReleased' ? 0 : 1,
      clickCount: 1,
    });
  await mouse('mousePressed', 0);
  // A triangle wave.
  const at = (/** @type {number} */ i) => {
    const px = (i * DRAG_PX) % (2 * DRAG_REACH_PX);
    return px < DRAG_REACH_PX ? px : 2 * DRAG_REACH_PX - px;
  };
  await eachFrame(frames, (i) => mouse('mouseMoved', at(i)));
  await mouse('mouseReleased', at(frames));
}
