/**
 * What levitate found of one module, read from what it prints, since its exit code is 0 also when it compared nothing.
 *
 * @typedef {object} Report
 * @property {string[]} notCompared packages that it skipped or could not read
 * @property {string[]} removed names that the module uses and the other version does not have
 * @property {string[]} changed names whose declaration reads otherwise; most of them mean the same, and some it only counts
 */

// eslint-disable-next-line no-control-regex -- colours
const COLOUR = /\x1b\[\d+m/g;

/** @param {string} output @param {readonly string[]} packages @returns {Report} */
export function readReport(output, packages) {
  const text = output.replaceAll(COLOUR, '');
  const sections = text.split('Checking compatibility between').slice(1);
  const notCompared = packages.filter(
    (name) =>
      !sections.some(
        (section) =>
          section.split('\n', 1)[0]?.includes(` ${name}@`) && section.includes('Successfully compared versions'),
      ),
  );
  const named = (/** @type {string} */ what) =>
    [...text.matchAll(new RegExp(`^\\d+\\) ${what} \`([^\`]+)\``, 'gm'))].map((match) => match[1] ?? '');
  const [removed, changed] = [named('Removed'), named('Changed')];
  const counts = [...text.matchAll(/INCOMPATIBILITIES \((\d+)\)/g)].map((match) => Number(match[1]));
  const unnamed = counts.reduce((sum, count) => sum + count, 0) - removed.length - changed.length;
  return { notCompared, removed, changed: [...changed, ...Array(Math.max(0, unnamed)).fill('(a name not told)')] };
}
