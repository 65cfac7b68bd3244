/** @template T @param {readonly T[]} values @returns {T[]} */
function shuffled(values) {
  const left = [...values];
  return values.map(() => /** @type {T} */ (left.splice(Math.floor(Math.random() * left.length), 1)[0]));
}

/**
 * Measures the subjects one after another, in a new random order each time.
 *
 * @template S, F
 * @param {readonly S[]} subjects
 * @param {number} times
 * @param {(subject: S) => Promise<F>} measure
 * @returns {Promise<Map<S, F[]>>} a list per subject, one entry a time
 */
export async function inTurn(subjects, times, measure) {
  /** @type {Map<S, F[]>} */
  const figures = new Map(subjects.map((subject) => [subject, []]));
  for (let i = 0; i < times; i++) {
    for (const subject of shuffled(subjects)) figures.get(subject)?.push(await measure(subject));
  }
  return figures;
}

/**
 * @template F
 * @param {readonly F[]} before @param {readonly F[]} now
 * @param {(figures: F) => number} read
 * @returns {import('./ratios.mjs').Pair[]}
 */
export const pairsOf = (before, now, read) =>
  before.map((figures, i) => ({ before: read(figures), now: read(/** @type {F} */ (now[i])) }));
