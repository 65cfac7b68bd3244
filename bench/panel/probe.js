// @ts-nocheck: it runs in the page, whose globals are unknown to the program that the benchmarks belong to.
/* global document, getComputedStyle, innerHeight, innerWidth, MessageChannel, requestAnimationFrame, window */
// Watches the panel from within: one look at its attributes a frame, and more only when asked.
window.flowProbe = (() => {
  const BLANK_EVERY_MS = 250;
  /** A grid makes a few; a card has its frame, its icon and its name. */
  const FEW_COLORS = 8;
  const state = { isRecording: false, frames: [], drawn: undefined, zoomed: false };
  let blankSamples = [];
  let nextBlankMs = 0;

  const root = () => document.querySelector('[data-testid="flow-panel"]');

  /** What the panel's root tells; nothing before there is one. */
  const look = () => {
    const { flow = '', nodes = '', seq = '' } = root()?.dataset ?? {};
    return { flow, nodes: Number(nodes), seq: seq === '' ? -1 : Number(seq), key: nodes };
  };

  const isOneInSight = () =>
    [...document.querySelectorAll('[data-testid="flow-node"]')].some((element) => {
      const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
      const isInPage = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
      return isInPage && width > 4 && height > 4 && Number(getComputedStyle(element).opacity) > 0;
    });

  const colorsOn = (canvas) => {
    const [width, height] = [96, 60];
    const small = Object.assign(document.createElement('canvas'), { width, height });
    const context = small.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0, width, height);
    return new Set(new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)).size;
  };

  /** Whether no node is in sight. Where canvases take a good part of the page, the nodes are on one of them. */
  const isBlank = () => {
    const large = [...document.querySelectorAll('canvas')].filter(
      ({ clientWidth, clientHeight }) => clientWidth * clientHeight > (innerWidth * innerHeight) / 4,
    );
    return large.length === 0 ? !isOneInSight() : large.every((canvas) => colorsOn(canvas) < FEW_COLORS);
  };

  const onFrame = (ms) => {
    requestAnimationFrame(onFrame);
    const seen = look();
    if (seen.key !== state.drawn?.key) {
      const entry = { ...seen, drawnMs: Infinity };
      // Only the last one is kept: the page's heap is measured, too.
      state.drawn = entry;
      // Runs when the frame's styles, layout and paint are done.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (entry.drawnMs = performance.now());
      port2.postMessage(null);
    }
    if (!state.isRecording) return;
    state.frames.push([performance.timeOrigin + ms, seen.flow, seen.seq]);
    if (ms < nextBlankMs) return;
    nextBlankMs = ms + BLANK_EVERY_MS;
    blankSamples.push(isBlank());
  };
  requestAnimationFrame(onFrame);

  window.addEventListener('wheel', (event) => {
    if (event.ctrlKey && event.defaultPrevented) state.zoomed = true;
  });

  return {
    look,
    /** @param watches whether samples are taken of what is in sight, which costs a layout */
    start(watches) {
      Object.assign(state, { isRecording: true, frames: [] });
      blankSamples = [];
      nextBlankMs = watches ? 0 : Infinity;
    },
    stop() {
      state.isRecording = false;
      return { frames: state.frames, blank: blankSamples };
    },
    /** What is drawn, and when the last answer had come that names `flowId`; ms of the page's clock. */
    paint(flowId) {
      const answers = performance.getEntriesByType('resource').filter(({ name }) => name.includes(flowId));
      return { answeredMs: Math.max(...answers.map(({ responseEnd }) => responseEnd)), ...state.drawn };
    },
    /** Whether the panel has taken Ctrl and the wheel for itself. */
    zooms: () => state.zoomed,
  };
})();
