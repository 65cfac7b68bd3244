const PARENT_CHECK_MS = 200;

/**
 * Calls back once for Ctrl-C, a kill or a closed terminal. Later ones change nothing: npm passes the terminal's signal on
 * a second time, and the stop under way is bounded in time.
 *
 * @param {(signal: NodeJS.Signals) => void} callback
 */
export function onStopSignal(callback) {
  let isCalled = false;
  /** @param {NodeJS.Signals} signal */
  const call = (signal) => {
    if (isCalled) return;
    isCalled = true;
    callback(signal);
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => call(signal));
  // A SIGTERM to npm ends npm and the shell between it and us, and the shell does not pass it on.
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && call('SIGTERM'), PARENT_CHECK_MS).unref();
}
