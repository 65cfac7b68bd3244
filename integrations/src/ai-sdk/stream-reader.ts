import { fieldsOf, textOf } from '../shared/fields';
import { askedTool, type AskedTool, type Told } from './model-answer';

/** Parts that have something of the answer in them. */
const OUTPUT = new Set([
  'text-delta',
  'reasoning-delta',
  'tool-input-start',
  'tool-input-delta',
  'tool-call',
  'tool-result',
  'file',
  'source',
]);

/** Reads the parts of one stream. */
export interface PartReader {
  /** @returns whether the part has something of the answer in it, and the tool that it asks for */
  read(part: unknown): { isOutput: boolean; tool: AskedTool | undefined };
  told(): Told;
  /** The error that the stream has told, wrapped, since an error may be anything. */
  failure(): { readonly error: unknown } | undefined;
}

export function partReader(hasContent: boolean): PartReader {
  const response: Record<string, unknown> = {};
  const tools: AskedTool[] = [];
  let text = '';
  let finish: { finishReason?: unknown; usage?: unknown } = {};
  let failure: { error: unknown } | undefined;

  return {
    read(part) {
      const given = fieldsOf(part);
      const type = textOf(given['type']) ?? '';
      const tool = askedTool(given);
      if (tool !== undefined) tools.push(tool);
      if (type === 'text-delta' && hasContent) text += textOf(given['delta']) ?? '';
      else if (type === 'response-metadata') Object.assign(response, given);
      else if (type === 'finish') finish = given;
      else if (type === 'error') failure ??= { error: given['error'] };
      return { isOutput: OUTPUT.has(type), tool };
    },
    told: () => ({
      response,
      finishReason: finish.finishReason,
      usage: finish.usage,
      tools,
      content: () => [{ type: 'text', text }],
    }),
    failure: () => failure,
  };
}
