import { StopRequest } from './setup-error.mjs';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SLOW_MS = 2_000;
const REMINDER_MS = 20_000;

/**
 * @typedef {object} Step
 * @property {string} label
 * @property {string} detail
 * @property {number} startedAt
 * @property {number} lastPrintedAt
 */

/**
 * @typedef {object} Progress
 * @property {<T>(label: string, work: (detail: (text: string) => void) => Promise<T>) => Promise<T>} step runs `work`
 *   and shows how long it takes; steps may run side by side
 * @property {(text: string) => void} print a line above the running steps
 * @property {() => void} stop leaves the terminal clean
 */

/**
 * Shows what is being done: one living line at the bottom of a terminal, plain lines elsewhere (CI, a pipe, a file).
 *
 * @param {NodeJS.WriteStream} [stream]
 * @returns {Progress}
 */
export function createProgress(stream = process.stdout) {
  const isTerminal = stream.isTTY === true && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb';
  const hasColour = isTerminal && process.env['NO_COLOR'] === undefined;
  /** @param {number} code @param {string} text */
  const colour = (code, text) => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  // Whoever closed the pipe does not want the output; that must not end the run.
  stream.on('error', () => undefined);

  /** @type {Set<Step>} */
  const running = new Set();
  /** What failed takes its neighbours down with the same error; only the first is to be shown. @type {WeakSet<object>} */
  const shown = new WeakSet();
  let frame = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  const clearLine = () => isTerminal && stream.write('\r\u001b[2K');

  const draw = () => {
    const parts = [...running].map((s) => `${s.label}${s.detail && ` (${s.detail})`} ${seconds(s.startedAt)}`);
    const line = `  ${FRAMES[frame++ % FRAMES.length]} ${parts.join(' · ')}`;
    // A line that wraps could not be erased again.
    clearLine();
    stream.write([...line].slice(0, (stream.columns ?? 80) - 1).join(''));
  };

  const remind = () => {
    for (const step of running) {
      const now = performance.now();
      const wait = step.lastPrintedAt === 0 ? SLOW_MS : REMINDER_MS;
      if (now - (step.lastPrintedAt || step.startedAt) < wait) continue;
      step.lastPrintedAt = now;
      stream.write(`  … ${step.label}${step.detail && ` (${step.detail})`} ${seconds(step.startedAt)}\n`);
    }
  };

  const tick = () => {
    if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
    } else if (isTerminal) draw();
    else remind();
  };

  /** @param {string} text */
  const print = (text) => {
    clearLine();
    stream.write(`${text}\n`);
    if (isTerminal && running.size > 0) draw();
  };

  return {
    print,
    async step(label, work) {
      /** @type {Step} */
      const step = { label, detail: '', startedAt: performance.now(), lastPrintedAt: 0 };
      running.add(step);
      timer ??= setInterval(tick, 100).unref();
      try {
        const result = await work((text) => (step.detail = text));
        running.delete(step);
        print(
          `  ${colour(32, '✔')} ${label}${step.detail && colour(2, ` (${step.detail})`)} ${colour(2, seconds(step.startedAt))}`,
        );
        return result;
      } catch (error) {
        running.delete(step);
        const isNews = !(error instanceof StopRequest) && !shown.has(Object(error));
        shown.add(Object(error));
        if (isNews) print(`  ${colour(31, '✖')} ${label} ${colour(2, seconds(step.startedAt))}`);
        throw error;
      }
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      clearLine();
    },
  };
}

/** @param {number} since */
function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
