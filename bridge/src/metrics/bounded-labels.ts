import { onOneLine } from '../platform/printable';

const MAX_CHARACTERS = 100;

/**
 * Makes label values of names that users chose. Every label value is a time series for ever, so only the first
 * `maxNames` names get one of their own; all others share `other`.
 */
export function createBoundedLabels(maxNames: number): (name: string) => string {
  const labels = new Map<string, string>();
  return (name) => {
    const known = labels.get(name);
    if (known !== undefined) return known;
    if (labels.size >= maxNames) return 'other';
    const label = onOneLine(name.toWellFormed()).slice(0, MAX_CHARACTERS).toWellFormed();
    labels.set(name, label);
    return label;
  };
}
