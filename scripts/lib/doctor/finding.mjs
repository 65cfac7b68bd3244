/** @typedef {import('./examine.mjs').Check} Check */

/** @param {string} id @param {string} title @param {string} detail @returns {Check} */
export const ok = (id, title, detail) => ({ id, title, status: 'ok', detail, fix: null });

/** @param {string} id @param {string} title @param {string} detail @returns {Check} */
export const skip = (id, title, detail) => ({ id, title, status: 'skip', detail, fix: null });

/** @param {string} id @param {string} title @param {string} detail @param {string} fix @returns {Check} */
export const warn = (id, title, detail, fix) => ({ id, title, status: 'warn', detail, fix });

/** @param {string} id @param {string} title @param {string} detail @param {string} fix @returns {Check} */
export const fail = (id, title, detail, fix) => ({ id, title, status: 'fail', detail, fix });

/**
 * The code of a failure, which says more than fetch's "fetch failed".
 *
 * @param {unknown} error
 */
export function reasonOf(error) {
  const { cause, code, message } = /** @type {{ cause?: any, code?: string, message?: string }} */ (error ?? {});
  return String(cause?.code ?? code ?? cause?.message ?? message ?? error);
}
