import { t } from '../texts/t';

/** JSON for people to read or copy; never throws, also for what is too deep for JSON.stringify's recursion. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? String(value);
  } catch {
    return t('export.too-deep');
  }
}
