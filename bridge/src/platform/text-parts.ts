/**
 * V8 gives a string of more than 128 KB memory of its own, and to ask the system for that costs more than all else that is done with
 * such a string.
 */
const PART_CHARACTERS = 64 * 1024;

/** Texts in lists that are about 64 K characters long together; one text may exceed that. */
export function* partsOf(texts: readonly string[]): Iterable<readonly string[]> {
  let from = 0;
  let length = 0;
  for (let i = 0; i < texts.length; i++) {
    length += texts[i]?.length ?? 0;
    if (length < PART_CHARACTERS && i < texts.length - 1) continue;
    yield texts.slice(from, i + 1);
    from = i + 1;
    length = 0;
  }
}
