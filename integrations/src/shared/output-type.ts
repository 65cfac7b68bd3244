import { fieldsOf, textOf } from './fields';

/** `json` or `text`, as the conventions have it. @param format that OpenAI's API takes: `{ type: 'json_schema', … }` */
export function outputType(format: unknown): string | undefined {
  const type = textOf(fieldsOf(format)['type']);
  return type?.startsWith('json') === true ? 'json' : type;
}
