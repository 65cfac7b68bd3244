import { fieldsOf, type Fields, textOf } from '../shared/fields';
import { quietly } from '../shared/quietly';

/** Puts a message together from the events of its stream, as far as it is recorded. */
export interface MessageReader {
  /** @returns whether the event has a piece of the answer in it */
  read: (event: unknown) => boolean;
  message: () => Fields;
}

interface Block {
  /** As the stream begins it. */
  readonly start: Fields;
  /** Of the fields that come in pieces. */
  readonly texts: Map<string, string>;
}

/** The pieces of a block, by the type of its event, and the field that they make up. */
const PIECES = new Map([
  ['text_delta', { from: 'text', into: 'text' }],
  ['thinking_delta', { from: 'thinking', into: 'thinking' }],
  ['input_json_delta', { from: 'partial_json', into: 'input' }],
]);

/** The arguments of a tool are JSON, unless the stream ended within. */
function wholeBlock({ start, texts }: Block): Fields {
  const whole: Record<string, unknown> = { ...start, ...Object.fromEntries(texts) };
  const input = texts.get('input');
  if (input !== undefined) whole['input'] = quietly(() => JSON.parse(input) as unknown) ?? input;
  return whole;
}

/** @param hasContent false: pieces of the content are not kept */
export function createMessageReader(hasContent: boolean): MessageReader {
  const blocks = new Map<unknown, Block>();
  let message: Fields = {};
  let usage: Fields = {};

  /** What comes later is the sum; what does not apply is null there. */
  function addUsage(value: unknown): void {
    usage = { ...usage, ...Object.fromEntries(Object.entries(fieldsOf(value)).filter(([, sum]) => sum !== null)) };
  }

  function addPiece(index: unknown, delta: Fields): void {
    const piece = PIECES.get(textOf(delta['type']) ?? '');
    const text = piece && textOf(delta[piece.from]);
    if (piece === undefined || text === undefined) return;
    const texts = blocks.get(index)?.texts;
    texts?.set(piece.into, (texts.get(piece.into) ?? '') + text);
  }

  return {
    read(event) {
      const { type, message: begun, index, content_block: block, delta, usage: used } = fieldsOf(event);
      if (type === 'message_start') {
        message = fieldsOf(begun);
        addUsage(message['usage']);
      } else if (type === 'message_delta') {
        message = { ...message, ...fieldsOf(delta) };
        addUsage(used);
      } else if (type === 'content_block_start') {
        const { type: kind, name, id } = fieldsOf(block);
        blocks.set(index, { start: hasContent ? fieldsOf(block) : { type: kind, name, id }, texts: new Map() });
      } else if (type === 'content_block_delta') {
        if (hasContent) addPiece(index, fieldsOf(delta));
        return true;
      }
      return false;
    },
    message: () => ({ ...message, usage, content: [...blocks.values()].map(wholeBlock) }),
  };
}
