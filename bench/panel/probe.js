// @ts-nocheck: it runs in the page, whose globals are unknown to the program that the benchmarks belong to.
/* global document, getComputedStyle, innerHeight, innerWidth, MessageChannel, requestAnimationFrame, window */
// Watches the panel from within: one look at its attributes a frame, and more only when asked.
window.flowProbe = (() => {
  const BLANK_EVERY_MS = 250;
  const state = { isRecording: false, frames: [], drawn: [], zoomed: false };
  let blankSamples = [];
  let nextBlankMs = 0;

  const root = () => document.querySelector('[data-testid="flow-panel"]');

  // TODAY: the panel has no attributes yet; without-attributes.js says what stands for them.
  const look = () => {
    const { dataset } = root() ?? {};
    if (dataset?.nodes === undefined) return window.flowProbeFallback();
    return { flow: dataset.flow ?? '', nodes: Number(dataset.nodes), seq: Number(dataset.seq), key: dataset.nodes };
  };

  /** Whether no node is in sight: no element of one, and nothing but background on the canvas. */
  const isBlank = () => {
    for (const element of document.querySelectorAll('[data-testid="flow-node"]')) {
      const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
      const isInPage = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
      if (isInPage && width > 4 && height > 4 && Number(getComputedStyle(element).opacity) > 0) return false;
    }
    const canvas = [...document.querySelectorAll('canvas')].sort((a, b) => b.width - a.width)[0];
    if (canvas === undefined) return true;
    const [width, height] = [96, 60];
    const small = document.createElement('canvas');
    Object.assign(small, { width, height });
    const context = small.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0, width, height);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    // A grid or a line of text is a few colours at most; a card has its frame, its icon and its name.
    return new Set(pixels).size < 8;
  };

  const onFrame = (ms) => {
    requestAnimationFrame(onFrame);
    const seen = look();
    const last = state.drawn.at(-1);
    if (seen.key !== last?.key) {
      const entry = { ...seen, drawnMs: Infinity };
      state.drawn.push(entry);
      // Runs when the frame's styles, layout and paint are done.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (entry.drawnMs = performance.now());
      port2.postMessage(null);
    }
    if (!state.isRecording) return;
    state.frames.push([performance.timeOrigin + ms, seen.flow, seen.nodes, seen.seq]);
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
      return { answeredMs: Math.max(...answers.map(({ responseEnd }) => responseEnd)), ...state.drawn.at(-1) };
    },
    /** Whether the panel has taken Ctrl and the wheel for itself. */
    zooms: () => state.zoomed,
  };
})();
