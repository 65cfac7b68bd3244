import { median } from '../median.mjs';
import { FRAME_HEADS, frameCells, framesOf, medianFrames, table } from './figures.mjs';
import { drag, scroll, zoom, zoomOut } from './input.mjs';
import { historyUrl, untilPainted } from './paint.mjs';
import { openPanel, VIEWS } from './panel-page.mjs';

/** @typedef {import('./panel-page.mjs').PanelPage} PanelPage */

/** @type {{ name: string, needsZoom: boolean, run: (panel: PanelPage, frames: number) => Promise<void> }[]} */
const MOVES = [
  { name: 'wheel 120 px', needsZoom: false, run: (panel, frames) => scroll(panel, 120, frames) },
  { name: 'wheel 1,500 px', needsZoom: false, run: (panel, frames) => scroll(panel, 1_500, frames) },
  { name: 'drag', needsZoom: false, run: drag },
  { name: 'zoom', needsZoom: true, run: zoom },
  { name: 'all of it, wheel 120 px', needsZoom: true, run: (panel, frames) => scroll(panel, 120, frames) },
  { name: 'all of it, drag', needsZoom: true, run: drag },
];

/** @typedef {{ flow: string, view: string, move: string, runs: ReturnType<typeof framesOf>[], heapMb: number[] }} Result */

/**
 * Frames while the view is moved, in each view.
 *
 * @param {{ services: import('./services.mjs').Services, flows: import('./paint.mjs').Flow[], rounds: number, frames: number }} options
 * @returns {Promise<string>} a report
 */
export async function benchScroll({ services, flows, rounds, frames }) {
  /** @type {Map<string, Result>} */
  const results = new Map();
  const noZoom = new Set();
  for (let round = 1; round <= rounds; round++) {
    for (const flow of flows) {
      process.stderr.write(`panel: scroll ${round} of ${rounds}, ${flow.name}\n`);
      for (const view of VIEWS) {
        const panel = await openPanel(services.browser, historyUrl(services, flow.flowId));
        try {
          await untilPainted(panel, flow);
          if (!(await panel.show(view))) continue;
          const heapMb = await panel.heapMb();
          for (const move of MOVES) {
            if (move.needsZoom && noZoom.has(view)) continue;
            if (move.name.startsWith('all of it')) await zoomOut(panel);
            const recording = await panel.record(() => move.run(panel, frames));
            if (move.needsZoom && !(await panel.page.evaluate('flowProbe.zooms()'))) {
              noZoom.add(view);
              continue;
            }
            const key = [flow.name, view, move.name].join();
            const result = results.get(key) ?? { flow: flow.name, view, move: move.name, runs: [], heapMb: [] };
            results.set(key, result);
            result.runs.push(framesOf(recording.frames.map(([ms]) => ms)));
            result.heapMb.push(heapMb);
          }
        } finally {
          await panel.close();
        }
      }
    }
  }
  const rows = [...results.values()].map(({ flow, view, move, runs, heapMb }) => [
    `${flow}, ${view.toLowerCase()}, ${move}`,
    ...frameCells(medianFrames(runs)),
    median(heapMb).toFixed(0),
  ]);
  return [
    `Scroll, pan, zoom: ${frames} frames' time each, medians of ${rounds} runs; heap after a collection, before the first move`,
    table([['', ...FRAME_HEADS, 'heap MB'], ...rows]),
    ...[...noZoom].map((view) => `  ${String(view).toLowerCase()}: takes no Ctrl+wheel, so nothing is zoomed`),
  ].join('\n');
}
