/** What `--case` may name; apart from what runs them, since the usage text names them before anything is built. */
export const PANEL_CASES = /** @type {const} */ (['paint', 'scroll', 'live', 'memory', 'dashboards']);
