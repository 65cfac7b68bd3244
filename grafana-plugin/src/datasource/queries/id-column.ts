import { t } from '../../texts/t';
import type { CellLinks } from './links';
import { VERBATIM, type TableColumn } from './table';

/** A column of ids, each of which leads to what it names. */
export function idColumn<Row>(
  of: keyof CellLinks,
  links: CellLinks,
  value: (row: Row) => string | null,
): TableColumn<Row> {
  const title = t(`queries.columns.${of}`);
  return { name: `${of}_id`, type: 'string', unit: VERBATIM, title, links: [links[of]()], value };
}
