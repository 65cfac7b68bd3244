const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*))?$/;

/** Whether it is a version by semver.org, without build metadata: npm ignores that. @param {string} text */
export const isVersion = (text) => VERSION.test(text);

/**
 * Whether `a` comes before `b` by https://semver.org/#spec-item-11.
 *
 * @param {string} a
 * @param {string} b
 */
export function isBefore(a, b) {
  const [[aNumbers, aLabels], [bNumbers, bLabels]] = [split(a), split(b)];
  const different = aNumbers.findIndex((number, i) => number !== bNumbers[i]);
  if (different !== -1)
    return /** @type {number} */ (aNumbers[different]) < /** @type {number} */ (bNumbers[different]);
  // What has labels comes before what has none.
  if (aLabels.length === 0 || bLabels.length === 0) return aLabels.length > bLabels.length;
  const label = aLabels.findIndex((text, i) => text !== bLabels[i]);
  if (label === -1) return aLabels.length < bLabels.length;
  return isLabelBefore(/** @type {string} */ (aLabels[label]), bLabels[label]);
}

/** @param {string} version @returns {[number[], string[]]} */
function split(version) {
  const [, major, minor, patch, labels = ''] = VERSION.exec(version) ?? [];
  return [[major, minor, patch].map(Number), labels === '' ? [] : labels.split('.')];
}

/** @param {string} a @param {string | undefined} b undefined: there is none */
function isLabelBefore(a, b) {
  if (b === undefined) return false;
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber && bIsNumber) return Number(a) < Number(b);
  return aIsNumber === bIsNumber ? a < b : aIsNumber;
}
