import { setImmediate as giveWay } from 'node:timers/promises';

/** Text is made in pieces of about so many characters, so that others get their turn in between. */
const PIECE_CHARS = 128 * 1024;

/** The JSON of an answer, in pieces: its lists are made element by element. */
export function* jsonPieces(answer: object): Generator<string> {
  let text = '{';
  let isFirst = true;
  for (const [key, value] of Object.entries(answer)) {
    if (value === undefined) continue;
    text += `${isFirst ? '' : ','}${JSON.stringify(key)}:`;
    isFirst = false;
    if (!Array.isArray(value)) {
      text += JSON.stringify(value);
      continue;
    }
    text += '[';
    for (const [i, element] of (value as unknown[]).entries()) {
      text += `${i === 0 ? '' : ','}${JSON.stringify(element)}`;
      if (text.length < PIECE_CHARS) continue;
      yield text;
      text = '';
    }
    text += ']';
  }
  yield `${text}}`;
}

/** The same as one buffer; others get their turn in between. */
export async function jsonBuffer(answer: object): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (const text of jsonPieces(answer)) {
    if (pieces.length > 0) await giveWay();
    pieces.push(Buffer.from(text));
  }
  return Buffer.concat(pieces);
}
