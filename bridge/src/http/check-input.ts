import type { InvalidField } from '@flow-tracking/protocol';
import type { z } from 'zod';
import { BridgeError } from '../errors';

const GOT_LENGTH = 60;

function valueAt(input: unknown, field: string): string | null {
  const got = (input as Record<string, unknown>)[field];
  if (got === undefined) return null;
  return (typeof got === 'string' ? got : JSON.stringify(got)).slice(0, GOT_LENGTH);
}

function toInvalidFields(issue: z.core.$ZodIssue, input: unknown): InvalidField[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((field) => ({ field, expected: 'no parameter of that name', got: valueAt(input, field) }));
  }
  // Of a list, the field is wrong, not one of its places.
  const field = String(issue.path[0] ?? '');
  return [{ field, expected: issue.message, got: valueAt(input, field) }];
}

/**
 * Checks what a caller gave.
 *
 * @throws {BridgeError} `invalid_request`, naming every field with what was expected and got
 */
export function checkInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const all = parsed.error.issues.flatMap((issue) => toInvalidFields(issue, input));
  const details = [...new Map(all.reverse().map((detail) => [detail.field, detail])).values()].reverse();
  const problems = details.map(({ field, expected, got }) => {
    const value = got === null ? '' : `, got ${JSON.stringify(got)}`;
    return `${field.slice(0, GOT_LENGTH)}: ${expected}${value}`;
  });
  throw new BridgeError('invalid_request', 400, problems.join('; '), { details });
}
