/**
 * Follows `next_cursor` to the end, or until `take` says that it is enough. A page may hold fewer than asked for, even
 * none: only a cursor of null is the end.
 *
 * @param take gets each page; true ends the reading
 * @returns whether there is more
 * @throws {Error} when a page names itself as the next: it would be read for ever
 */
export async function followPages<Page extends { readonly next_cursor: string | null }>(
  load: (cursor: string | undefined) => Promise<Page>,
  take: (page: Page) => boolean,
): Promise<boolean> {
  let cursor: string | undefined;
  for (;;) {
    const page = await load(cursor);
    const isEnough = take(page);
    if (page.next_cursor === null) return false;
    if (isEnough) return true;
    if (page.next_cursor === cursor) throw new Error('The bridge answers the same page again and again.');
    cursor = page.next_cursor;
  }
}
