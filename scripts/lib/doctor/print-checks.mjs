const MARKS = { ok: '✓', warn: '!', fail: '✗', skip: '–' };

/**
 * @param {readonly import('./examine.mjs').Check[]} checks
 * @param {{ isJson: boolean, bridgeUrl: string }} settings
 */
export function printChecks(checks, { isJson, bridgeUrl }) {
  const count = (/** @type {string} */ status) => checks.filter((check) => check.status === status).length;
  if (isJson) {
    process.stdout.write(`${JSON.stringify({ bridge_url: bridgeUrl, failed: count('fail'), checks }, null, 2)}\n`);
    return;
  }
  const lines = checks.flatMap(({ status, title, detail, fix }) => [
    `${MARKS[status]} ${title}: ${detail}`,
    ...(fix === null ? [] : [`    → ${fix}`]),
  ]);
  const failed = count('fail');
  const warned = count('warn');
  const end =
    failed > 0
      ? `${failed} ${failed === 1 ? 'check fails' : 'checks fail'}. Mend the first one first: others may follow from it.`
      : `Nothing fails${warned > 0 ? `, ${warned} to look at` : ''}.`;
  process.stdout.write(`${lines.join('\n')}\n\n${end}\n`);
}
